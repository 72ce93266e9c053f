package dev.belay.flow.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.flow.Spend;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a program writes is an answer or a failure. */
@Timeout(20)
class AgentOutputFuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  private static final List<String> SEEDS =
      List.of(
          "{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s-1\"}\n",
          "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}}\n",
          "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"tool_use\",\"input\":{}}]}}\n",
          "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"result\":\"hit your"
              + " limit · resets Feb 29, 3:30pm (UTC)\",\"total_cost_usd\":1e999,"
              + "\"usage\":{\"input_tokens\":-1e300},\"api_error_status\":99999999999}\n",
          "{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"rejected\","
              + "\"resetsAt\":1e18}}\n",
          "{\"type\":\"thread.started\",\"thread_id\":\"t\"}\n",
          "{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\"a\"}}\n",
          "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":3,\"output_tokens\":1.5}}\n",
          "{\"type\":\"turn.failed\",\"error\":{\"message\":\"usage_limit_reached"
              + " \\\"resets_in_seconds\\\": 9999999999999\"}}\n",
          "{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\"}],\"metadata\":7}\n",
          "{\"content\":[{\"type\":\"text\",\"text\":null}],\"error\":[]}\n",
          "hit your limit, try again in 999999 days 999999 hours 999999 minutes\n",
          "[".repeat(5_000) + "\n",
          "{\"a\":".repeat(5_000) + "\n",
          "\r\n\0\uD83D");

  private static byte[] output(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      text.append(SEEDS.get(random.nextInt(SEEDS.size())));
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    for (int i = random.nextInt(12); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static byte[] noise(RandomGenerator random) {
    byte[] bytes = new byte[random.nextInt(2_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void hear(Dialect dialect, byte[] output, int exitCode) {
    Speech speech = dialect.speech(new Agents.Heard());
    try {
      Lines.read(new ByteArrayInputStream(output), () -> {}, speech::line);
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
    assertThat(speech.spend().cost()).isBetween(0.0, 1e12);
    assertThat(speech.answer()).isNotNull();
    AgentException failure =
        new CliFailures("one", "log in", new Words(List.of("secret")))
            .of(
                new AgentProgram.Exit(exitCode, new String(output, UTF_8), Optional.empty()),
                speech,
                Spend.NONE,
                NOW);
    assertThat(failure.getMessage())
        .hasSizeLessThan(Words.LONGEST + 200)
        .matches(message -> message.lines().count() == 1, "one line");
  }

  private static void hearAll(byte[] output) {
    for (Dialect dialect : List.of(new Claude(), new Codex(), new Goose())) {
      hear(dialect, output, 0);
      hear(dialect, output, 1);
    }
  }

  @Test
  void linesOfAgentsWithAnythingChangedAreAnAnswerOrAFailure() {
    Cases.check(400, AgentOutputFuzzTest::output, AgentOutputFuzzTest::hearAll);
  }

  @Test
  void bytesOfAnyKindAreAnAnswerOrAFailure() {
    Cases.check(200, AgentOutputFuzzTest::noise, AgentOutputFuzzTest::hearAll);
  }

  @Test
  void anErrorOfHttpOfAnyKindIsAFailure() {
    Cases.check(
        1_000,
        AgentOutputFuzzTest::output,
        bytes -> {
          String body = new String(bytes, UTF_8);
          HttpFailures failures = new HttpFailures("one", new Words(List.of()));
          int status = 300 + (bytes.length * 7) % 300;

          assertThat(failures.of(status, Optional.of(body), body, NOW).getMessage()).isNotEmpty();
          assertThat(failures.of(429, Optional.of("" + bytes.length), body, NOW).getMessage())
              .hasSizeLessThan(Words.LONGEST + 200);
        });
  }
}
