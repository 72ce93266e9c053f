package dev.belay.server.cli.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Hint;
import dev.belay.VirtualTime;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Problem;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.correct.Stage;
import dev.belay.llm.delay.Decision;
import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.CallRecord;
import dev.belay.llm.transcript.CallStart;
import dev.belay.llm.transcript.CallTerms;
import dev.belay.llm.transcript.CorrectionRules;
import dev.belay.llm.transcript.Ending;
import dev.belay.llm.transcript.Place;
import dev.belay.llm.transcript.TranscriptSettings;
import dev.belay.llm.transcript.Transcripts;
import dev.belay.llm.transcript.WaitedFor;
import dev.belay.server.cli.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlmReplayVerbTest {
  private static final CallTerms TERMS =
      new CallTerms(
          "interactive",
          Duration.ofMinutes(2),
          false,
          CorrectionRules.of(CorrectionPolicy.DEFAULT),
          BudgetLimits.NONE);

  private final Shell shell = new Shell();

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  private String transcripts() {
    return folder.resolve("transcripts").toString();
  }

  /** One call that is limited once, and whose first answer is no JSON. */
  @BeforeEach
  void call() throws Exception {
    VirtualTime time = new VirtualTime();
    Transcripts transcripts =
        new Transcripts(
            folder.resolve("transcripts"),
            TranscriptSettings.DEFAULT,
            Runnable::run,
            time,
            new Random(1));
    CallRecord call =
        transcripts.begin(CallStart.of(LlmRequest.of("smart", "A river, as JSON"), TERMS));
    Place first = new Place(1, 1, "openai/gpt", "openai");
    Place second = new Place(1, 2, "openai/gpt", "openai");
    call.attempt(first, Duration.ZERO, WaitedFor.NOTHING);
    time.sleep(Duration.ofSeconds(1).toNanos());
    call.failed(
        first,
        new ProviderError(
            ErrorKind.RATE_LIMIT,
            429,
            "slow_down",
            "slow down",
            "req-1",
            Hint.after(Duration.ofSeconds(2), "Retry-After: 2")),
        Duration.ofSeconds(1),
        new Decision.Retry(
            Duration.ofMillis(2_100), "Retry-After: 2", time.instant().plusMillis(2_100)));
    time.sleep(Duration.ofMillis(2_100).toNanos());
    call.attempt(second, Duration.ofMillis(2_100), WaitedFor.HINT);
    call.answered(second, response("The Rhine"), 0.01, Duration.ofSeconds(1));
    call.checked(Finding.invalid(Problem.of("json", "the answer is not JSON")));
    call.correction(Stage.BASIC, Duration.ZERO, 120);
    Place third = new Place(2, 1, "openai/gpt", "openai");
    call.attempt(third, Duration.ZERO, WaitedFor.NOTHING);
    call.answered(third, response("{\"river\": \"Rhine\"}"), 0.02, Duration.ofSeconds(1));
    call.end(Ending.ANSWERED, Spent.NOTHING, Duration.ofMillis(2_100), Duration.ofSeconds(5));
  }

  private static LlmResponse response(String text) {
    LlmResponse.Choice choice = new LlmResponse.Choice(text, List.of(), "", Finish.STOP);
    return new LlmResponse("", "", List.of(choice), new Usage(10, 5, 0), "");
  }

  private Path file() throws Exception {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(one -> one.toString().endsWith(".jsonl")).findFirst().orElseThrow();
    }
  }

  @Test
  void itsOwnWaitsChangeNothing() {
    assertThat(shell.run("llm", "replay", transcripts())).as(shell.err()).isZero();
    assertThat(shell.out())
        .contains("rate_limit 429", "retry 2.10s", "waits interactive: the same way")
        .contains("1 call: 0 changed, 0 unknown");
  }

  @Test
  void anotherPresetDecidesOtherwise() throws Exception {
    assertThat(shell.run("llm", "replay", file().toString(), "--preset", "legacy")).isEqualTo(3);
    assertThat(shell.out())
        .containsPattern("retry 2\\.10s +retry [\\d.a-z ]+ \\(30\\.00s to 1m 30s\\) +changed")
        .contains("3 attempts, 2.10s waited, $0.0300, now 3 attempts, ");
  }

  @Test
  void aModelsFileDecidesOtherwise() throws Exception {
    Path models =
        Files.writeString(
            folder.resolve("models.yaml"),
            """
            lovable_patterns:
              p1_dynamic_retry_delays:
                enabled: true
                max_hint_wait: 1s
                over_limit: fail
            """);

    assertThat(shell.run("llm", "replay", transcripts(), "--models", models.toString()))
        .isEqualTo(3);
    assertThat(shell.out())
        .contains("stop: Retry-After: 2 is more than PT1S", "gives up sooner", "now 1 attempt,");
  }

  @Test
  void otherChecksFindOtherFaults() throws Exception {
    Path checks = Files.writeString(folder.resolve("checks.json"), "[{\"type\": \"json\"}]");

    assertThat(shell.run("llm", "replay", transcripts(), "--check", checks.toString())).isZero();
    assertThat(shell.out())
        .contains("checks: answered: answer 2 stands; 2 answers, $0.0300, now 2 answers, $0.0300")
        .doesNotContain("waits");
    Shell lax = new Shell();
    assertThat(lax.run("llm", "replay", transcripts(), "--check", "- type: not_empty"))
        .isEqualTo(3);
    assertThat(lax.out()).contains("answer 1 stands", "now 1 answer, $0.0100");
    Shell strict = new Shell();
    String lake = "[{type: field_present, params: {field: lake}}]";
    assertThat(strict.run("llm", "replay", transcripts(), "--check", lake)).isEqualTo(3);
    assertThat(strict.out())
        .contains("unknown: answer 2 does not stand, and nobody asked for another");
  }

  @Test
  void asJsonItIsTheSameEachTime() {
    Shell again = new Shell();
    String[] line = {
      "llm", "replay", transcripts(), "--preset", "legacy", "--check", "json", "--json"
    };

    assertThat(shell.run(line)).isEqualTo(3);
    assertThat(again.run(line)).isEqualTo(3);

    assertThat(again.out()).isEqualTo(shell.out());
    Json.Obj read = (Json.Obj) Json.parse(shell.out());
    assertThat(read.get("summary").orElseThrow().toString())
        .startsWith("{\"files\":1,\"cut_off\":0,\"calls\":1,\"changed\":1,\"unknown\":0,\"waits\":")
        .contains("\"checks\":{\"recorded\":{\"answers\":2,\"dollars\":0.03}");
  }

  @Test
  void aFileThatWasCutOffIsReadAndReported() throws Exception {
    String text = Files.readString(file());
    Files.writeString(file(), text.substring(0, text.length() - 30));

    assertThat(shell.run("llm", "replay", transcripts())).isZero();
    assertThat(shell.out())
        .contains("unknown from there on: the transcript has no end")
        .contains("1 unknown, 1 file cut off in the last line");
  }

  @Test
  void printsTheSchema() {
    assertThat(shell.run("llm", "replay", "--schema")).isZero();
    assertThat(Json.parse(shell.out())).isInstanceOf(Json.Obj.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llm | Missing verb: call or replay (see belay llm --help)",
        "llm replay | Missing required parameter: 'FILE' (see belay llm replay --help)",
        "llm replay nowhere | nowhere: there is no such file",
        "llm replay HERE --preset odd | Invalid value for option '--preset'",
        "llm replay HERE --preset batch --models x | --models and --preset exclude each other",
        "llm replay HERE --models nowhere | nowhere: there is no such file",
        "llm replay HERE --check [{\"type\":\"odd\"}] | there is no validator",
        "llm replay HERE --check {type | belay: --check:1: ",
        "llm replay BAD | bad.jsonl:1: is no JSON"
      })
  void badInputIsSaidInOneLine(String line, String message) throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.jsonl"), "no\n");
    String here = line.replace("HERE", transcripts()).replace("BAD", bad.toString());

    assertThat(shell.run(here.split(" ", -1))).isEqualTo(2);

    assertThat(shell.err()).contains(message);
    assertThat(shell.err().lines()).hasSize(1);
    assertThat(shell.out()).isEmpty();
  }
}
