package dev.belay.llm.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.llm.check.Validators;
import dev.belay.llm.delay.ErrorReports;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Prices;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.transcript.ErrorRecorder;
import dev.belay.llm.transcript.Recorder;
import dev.belay.llm.transcript.Transcript;
import dev.belay.llm.transcript.TranscriptFile;
import dev.belay.llm.transcript.TranscriptLine;
import dev.belay.llm.transcript.TranscriptSettings;
import dev.belay.llm.transcript.Transcripts;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import dev.belay.testkit.llm.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RecordedCallTest {
  private static final String CANARY = "sk-canary-0123456789";
  private static final Json.Arr JSON = Json.of(List.of(Json.EMPTY.with("type", Json.of("json"))));

  private final FaultyProvider provider =
      FaultyProvider.start(
          Script.<LlmRequest, Answer>of(
              Fault.rateLimited(Duration.ofMillis(20)),
              Answer.text("no JSON").usage(10, 20),
              Answer.text("{}").usage(30, 40)));

  @TempDir private Path dir;
  private Transcripts transcripts;
  private LlmClient client;

  @BeforeEach
  void open() {
    // on this thread: what is written is there when a call is over
    transcripts =
        new Transcripts(
            dir.resolve("calls"),
            TranscriptSettings.DEFAULT,
            Runnable::run,
            Time.system(),
            SharedRandom.INSTANCE);
    ErrorRecorder errors =
        new ErrorRecorder(
            new ErrorReports(dir.resolve("runs"), 10, 10), Runnable::run, Time.system(), 10);
    client =
        LlmClient.builder()
            .route(
                "smart",
                LlmEndpoint.of("one", "m")
                    .backend(
                        new Backend.Http(
                            OpenAiChat.openAi(),
                            provider.uri("/v1"),
                            Secret.of(CANARY),
                            Headers.NONE))
                    .prices(new Prices(1, 2, 1))
                    .build())
            .recorder(Recorder.all(List.of(transcripts, errors)))
            .build();
  }

  @AfterEach
  void close() {
    client.close();
    provider.close();
  }

  private Transcript written() throws IOException {
    try (Stream<Path> files = Files.walk(dir.resolve("calls"))) {
      Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      assertThat(Files.readString(file)).doesNotContain(CANARY);
      return TranscriptFile.read(file).transcripts().getFirst();
    }
  }

  @Test
  void aCallIsWrittenDownWithAttemptsHintsVerdictsAndCost() throws Exception {
    LlmCall call =
        LlmCall.of("smart", "JSON, please. My key is " + CANARY)
            .checkedBy(Validators.standard().from(JSON))
            .noting(JSON)
            .ofRun("run-7");

    LlmResult result = client.call(call);

    List<TranscriptLine> lines = written().lines();
    assertThat(lines)
        .extracting(line -> line.getClass().getSimpleName())
        .containsExactly(
            "Call",
            "Attempt",
            "Failed",
            "Attempt",
            "Answered",
            "Checked",
            "Correction",
            "Attempt",
            "Answered",
            "Checked",
            "End");
    assertThat(lines.toString()).contains("retry-after", "one/m");
    assertThat(result.attempts()).isEqualTo(3);

    ErrorReports reports = new ErrorReports(dir.resolve("runs"), 10, 10);
    assertThat(reports.list("run-7")).hasSize(1);
    assertThat(reports.list("run-7").getFirst().toString())
        .contains("\"error_class\":\"RATE_LIMIT\"", "\"endpoint\":\"one/m\"", "delay_ms");
  }

  @Test
  void aCallThatFailsIsWrittenDownToItsEnd() throws Exception {
    provider.behave(Script.<LlmRequest, Answer>of(Fault.of(Trouble.INVALID)));

    assertThatThrownBy(() -> client.call(LlmCall.of("smart", "hello")))
        .isInstanceOf(ProviderFailed.class);

    assertThat(written().lines().getLast().toString()).contains("ProviderFailed");
  }
}
