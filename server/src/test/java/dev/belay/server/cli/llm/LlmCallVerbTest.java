package dev.belay.server.cli.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.cli.Shell;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LlmCallVerbTest {
  private static final String KEY = "sk-canary-0123456789";

  private final FaultyProvider provider =
      FaultyProvider.start(
          Script.<LlmRequest, Answer>of(
              Fault.rateLimited(Duration.ofMillis(20)),
              Answer.text("Rhine").usage(12, 3),
              Answer.text("{\"river\": \"Rhine\"}")));
  private final Shell shell = new Shell();

  @AfterEach
  void close() {
    provider.close();
    assertThat(shell.out() + shell.err()).doesNotContain(KEY);
  }

  private Path config(Path dir) {
    return Shell.file(
        dir,
        """
        llm:
          providers: {one: {url: "%s", key: "${KEY}"}}
          routes:
            smart: {targets: [{provider: one, model: m, input_price: 1000, output_price: 1000}]}
            strict: {targets: [{provider: one, model: m}], check: [{type: json}]}
        """
            .formatted(provider.uri("/v1")));
  }

  @Test
  void asksByARouteAndSaysHowTheAnswerCameAbout(@TempDir Path dir) {
    int code =
        shell.with("KEY", KEY).run("llm", "call", "-c", config(dir).toString(), "Name a river");

    assertThat(code).as(shell.err()).isZero();
    assertThat(shell.out()).isEqualTo("Rhine\n");
    assertThat(shell.err())
        .contains("one/m, 2 attempts, 0 corrections, waited", "12 tokens in, 3 out, $0.0150");
  }

  @Test
  void checksAndCorrectsAsTheRouteSays(@TempDir Path dir) {
    int code =
        shell
            .with("KEY", KEY)
            .typing("Name a river, as JSON")
            .run(
                "llm",
                "call",
                "-c",
                config(dir).toString(),
                "--route",
                "strict",
                "--system",
                "Be brief.",
                "--transcript",
                dir.resolve("calls").toString(),
                "--json",
                "-");

    assertThat(code).as(shell.err()).isZero();
    assertThat(shell.out())
        .contains("\"text\" : \"{\\\"river\\\": \\\"Rhine\\\"}\"", "\"corrections\" : 1");
    assertThat(provider.requests().getFirst().body()).contains("Be brief.", "as JSON");
    assertThat(transcripts(dir.resolve("calls"))).contains("\"type\":\"checked\"", "\"json\"");
  }

  private static String transcripts(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file));
      }
      return all.toString();
    } catch (IOException missing) {
      throw new IllegalStateException(missing);
    }
  }

  @Test
  void asksAProviderWithAKeyOfTheEnvironment() {
    int code =
        shell
            .with("OPENAI_API_KEY", KEY)
            .run(
                "llm",
                "call",
                "--provider",
                "openai",
                "--model",
                "gpt-5-mini",
                "--url",
                provider.uri("/v1").toString(),
                "--check",
                "[{type: json}]",
                "Name a river");

    assertThat(code).as(shell.err()).isZero();
    assertThat(shell.out()).contains("\"river\"");
    assertThat(provider.requests().getFirst().model()).isEqualTo("gpt-5-mini");
    assertThat(provider.requests().getFirst().key()).isEqualTo(KEY);
  }

  @Test
  void aFailureIsToldInOneLine(@TempDir Path dir) {
    provider.behave(Script.<LlmRequest, Answer>of(Fault.rateLimited(Duration.ofHours(2))));

    int code = shell.with("KEY", KEY).run("llm", "call", "-c", config(dir).toString(), "hello");

    assertThat(code).isEqualTo(1);
    assertThat(shell.err()).contains("belay: route smart: failed after 1 attempt (HINT_TOO_LONG)");
  }

  @Test
  void saysWhatIsMissing(@TempDir Path dir) {
    assertThat(shell.run("llm", "call", "hello")).isEqualTo(2);
    assertThat(shell.run("llm", "call", "--provider", "openai", "--model", "m", "hello"))
        .isEqualTo(2);
    assertThat(shell.run("llm", "call", "--provider", "latin", "--model", "m", "x")).isEqualTo(2);
    String file = config(dir).toString();
    assertThat(new Shell().with("KEY", KEY).run("llm", "call", "-c", file, "--route", "none", "x"))
        .isEqualTo(2);
    assertThat(shell.err())
        .contains(
            "Say whom to ask: --config FILE, or --provider NAME and --model NAME",
            "The key is missing: set the environment variable OPENAI_API_KEY",
            "--provider must be openai, anthropic or gemini, was 'latin'");
  }
}
