package dev.belay.llm.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.Cases;
import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Usage;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.CheckContext;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Problem;
import dev.belay.llm.check.Validator;
import dev.belay.llm.check.Validators;
import dev.belay.llm.json.AnyJson;
import dev.belay.llm.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscriptLineTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void readsWhatItWrote() {
    Cases.check(
        2_000,
        AnyLine::any,
        line -> {
          TranscriptLine again = TranscriptLine.read(Json.parse(line.json().toString()));

          assertThat(again.json().toString()).isEqualTo(line.json().toString());
          if (!(line instanceof TranscriptLine.Call)) { // checks may hold 1 and 1.0
            assertThat(again).isEqualTo(line);
          }
        });
  }

  @Test
  void everyLineIsAsTheSchemaSays() {
    Validator schema = schema();
    Cases.check(
        300,
        AnyLine::any,
        line ->
            assertThat(finding(schema, line.json().toString())).isInstanceOf(Finding.Valid.class));
  }

  @Test
  void theSchemaRefusesWhatTheReaderRefuses() {
    String odd = "{\"type\":\"truncated\",\"at\":\"2026-01-01T00:00:00Z\",\"why\":\"\",\"x\":1}";

    assertThat(finding(schema(), odd)).isInstanceOf(Finding.Invalid.class);
  }

  private static Validator schema() {
    return Validators.standard()
        .make("schema", Json.EMPTY.with("schema", Json.parse(TranscriptSchema.text())));
  }

  private static Finding finding(Validator schema, String line) {
    try {
      return schema.check(Answer.of(line, LlmRequest.of("none", "")), CheckContext.FIRST);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  /** A line in which one member was replaced, or left out. */
  private static Json broken(RandomGenerator random) {
    Map<String, Json> members = new LinkedHashMap<>(AnyLine.any(random).json().members());
    List<String> names = List.copyOf(members.keySet());
    String name = names.get(random.nextInt(names.size()));
    if (random.nextInt(4) == 0) {
      members.remove(name);
    } else {
      members.put(name, AnyJson.value(random));
    }
    return new Json.Obj(members);
  }

  @Test
  void neverFailsInAnyOtherWayThanItSays() {
    Cases.check(
        5_000,
        TranscriptLineTest::broken,
        line -> {
          try {
            var unused = TranscriptLine.read(line);
          } catch (IllegalArgumentException said) {
            assertThat(said).hasMessageNotContaining("null").hasMessageMatching("(?s).{10,}");
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"odd\"} | line: 'type' must be call, attempt, failed, answered, checked,"
            + " correction, truncated or end, which are all that schema 1 knows",
        "{\"type\":\"call\",\"schema\":2} | line: 'schema' must be 1, was 2: a newer Belay wrote"
            + " it, and only such a one can read it",
        "{\"type\":\"call\",\"schema\":0} | line: 'schema' must be 1, was 0: there is no such"
            + " schema",
        "{\"type\":\"truncated\",\"at\":\"now\",\"why\":\"\"} | line: 'at' must be an instant such"
            + " as 2026-01-01T00:00:00Z",
        "{\"type\":\"truncated\",\"at\":\"1066-01-01T00:00:00Z\",\"why\":\"\"} | line: 'at' must be"
            + " an instant of the years 1970 to 9999",
        "{\"type\":\"truncated\",\"more\":1} | line must not have a member 'more'",
        "[] | line must be an object"
      })
  void namesWhatIsWrong(String line, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TranscriptLine.read(Json.parse(line)))
        .withMessage(message);
  }

  @Test
  void aFindingTellsWhetherTheTextWasPutRight() {
    Answer answer = Answer.of("{}", LlmRequest.of("none", ""));
    Problem problem = Problem.of("json", "it is not");

    assertThat(TranscriptLine.Checked.of(AT, Finding.valid(answer), "{").repaired()).isTrue();
    assertThat(TranscriptLine.Checked.of(AT, Finding.valid(answer), "{}").repaired()).isFalse();
    assertThat(TranscriptLine.Checked.of(AT, Finding.invalid(problem), "{}").problems())
        .containsExactly(problem);
  }

  @Test
  void anAnswerIsWholeUnlessSomethingIsMissing() {
    assertThat(said("all there").isWhole()).isTrue();
    assertThat(read("my key is sk-0123456789abcdef", 1_000).isWhole()).isFalse();
    assertThat(read("x".repeat(200), 150).isWhole()).isFalse();
    assertThat(read("x".repeat(149), 150).isWhole()).isTrue();
  }

  private static TranscriptLine.Said said(String text) {
    LlmResponse.Choice choice = new LlmResponse.Choice(text, List.of(), "", Finish.STOP);
    return TranscriptLine.Said.of(new LlmResponse("", "", List.of(choice), Usage.NONE, ""));
  }

  private static TranscriptLine.Said read(String text, int longest) {
    TranscriptLine line =
        new TranscriptLine.Answered(
            AT, new Place(1, 1, "a/b", "a"), said(text), Usage.NONE, 0, Duration.ZERO);
    Json kept = Kept.json(LineWriter.write(line), longest);
    return ((TranscriptLine.Answered) TranscriptLine.read(kept)).said();
  }

  @Test
  void aCutNeverPartsACharacter() {
    String text = "x".repeat(99) + "🎈🎈";

    assertThat(read(text, 100).choice().text()).startsWith("x".repeat(99) + "…[cut: 103 char");
  }
}
