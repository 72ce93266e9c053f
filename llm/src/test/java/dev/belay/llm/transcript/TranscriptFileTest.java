package dev.belay.llm.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscriptFileTest {
  private static final String CALL =
      text(AnyLine.transcript(new Random(3))).lines().findFirst().orElseThrow() + "\n";

  private static String text(Transcript transcript) {
    return transcript.lines().stream()
        .map(line -> line.json() + "\n")
        .collect(Collectors.joining());
  }

  private static TranscriptFile parse(String text) {
    return TranscriptFile.parse("a.jsonl", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsWhatItWroteAlsoSeveralInOne() {
    Cases.check(
        300,
        AnyLine::transcript,
        transcript -> {
          TranscriptFile file = parse(text(transcript) + text(transcript));

          assertThat(file.cutOff()).isFalse();
          assertThat(file.transcripts()).hasSize(2);
          assertThat(text(file.transcripts().getLast())).isEqualTo(text(transcript));
        });
  }

  @Test
  void whereverAFileIsCutWhatCameBeforeIsRead() {
    Cases.check(
        100,
        AnyLine::transcript,
        transcript -> {
          byte[] whole = text(transcript).getBytes(StandardCharsets.UTF_8);
          for (int length = 1; length < whole.length; length += 7) {
            TranscriptFile file = TranscriptFile.parse("a", Arrays.copyOf(whole, length));

            boolean between = whole[length - 1] == '\n' || whole[length] == '\n';
            assertThat(file.cutOff()).isEqualTo(!between);
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CALL{\"type\":\"odd\"}NEXT | a.jsonl:2: line: 'type' must be call,",
        "CALL{\"type\"NEXTCALL | a.jsonl:2: is no JSON: ",
        "CALLNEXTCALL | a.jsonl:2: is no JSON: there is no JSON in it",
        "CALL{\"type\":\"odd\"} | a.jsonl:2: line: 'type' must be",
        "{\"type\":\"truncated\",\"at\":\"2026-01-01T00:00:00Z\",\"why\":\"\"}NEXT | a.jsonl:1: the"
            + " first line must be of type call",
        "'' | a.jsonl: holds no transcript",
        "{\"type\":\"call\",\"schema\":7}NEXT | a.jsonl:1: line: 'schema' must be 1, was 7: a newer"
      })
  void namesFileAndLineOfWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> parse(text.replace("CALL", CALL).replace("NEXT", "\n")))
        .isInstanceOf(TranscriptException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void nothingFollowsAnEnd() {
    String end =
        "{\"type\":\"end\",\"at\":\"2026-01-01T00:00:00Z\",\"outcome\":\"answered\",\"attempts\":1,"
            + "\"retries\":0,\"corrections\":0,\"usage\":{\"input\":0,\"output\":0,\"cached\":0},"
            + "\"dollars\":0,\"waited_ms\":0,\"took_ms\":0}\n";

    assertThat(parse(CALL + end).transcripts().getFirst().end()).isPresent();
    assertThatThrownBy(() -> parse(CALL + end + end))
        .hasMessage("a.jsonl:3: the call has ended in the line before");
  }

  @Test
  void bytesThatAreNoTextAreAnError() {
    byte[] odd = (CALL + "x\n").getBytes(StandardCharsets.UTF_8);
    odd[CALL.getBytes(StandardCharsets.UTF_8).length] = (byte) 0xff;

    assertThatThrownBy(() -> TranscriptFile.parse("a", odd))
        .isInstanceOf(TranscriptException.class)
        .hasMessageStartingWith("a:2: is no JSON");
  }
}
