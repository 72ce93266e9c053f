package dev.belay.chaos.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.inject.PolicyDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the script with a program in place of curl that writes down what it is asked. */
class CurlScriptTest {
  @TempDir private Path dir;

  @BeforeEach
  void curl() throws Exception {
    Path curl = dir.resolve("curl");
    Files.writeString(
        curl,
        """
        #!/bin/sh
        { for word in "$@"; do printf '%s\\037' "$word"; done; printf '\\036'; } >> "$CALLS"
        case "$*" in *--config*) cat >> "$CALLS.config" ;; esac
        case "$*" in *"${FAILS_ON:-no such word}"*) exit 22 ;; esac
        """);
    Files.setPosixFilePermissions(curl, PosixFilePermissions.fromString("rwx------"));
  }

  private record Run(int exit, List<List<String>> calls) {}

  private Run run(Reproducer what, Map<String, String> environment, String... words)
      throws Exception {
    Path script = dir.resolve("script.sh");
    Files.writeString(script, Format.CURL.write(what));
    List<String> command = new ArrayList<>(List.of("sh", script.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("out").toFile());
    builder.environment().put("PATH", dir + ":" + System.getenv("PATH"));
    builder.environment().put("CALLS", dir.resolve("calls").toString());
    builder.environment().put("BELAY_SETTLE", "0");
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    List<List<String>> calls = new ArrayList<>();
    for (String call : Files.readString(dir.resolve("calls")).split("\036", -1)) {
      if (!call.isEmpty()) {
        calls.add(List.of(call.split("\037", -1)));
      }
    }
    return new Run(process.exitValue(), calls);
  }

  @Test
  void appliesAsksAndTakesBack() throws Exception {
    Reproducer what = FormatTest.everything();

    Run run = run(what, Map.of());

    assertThat(run.exit()).isZero();
    assertThat(run.calls()).hasSize(3);
    List<String> apply = run.calls().getFirst();
    assertThat(apply).contains("POST", "http://127.0.0.1:8080/v1/policies");
    String body = apply.get(apply.indexOf("--data-raw") + 1);
    assertThat(PolicyDocument.read(body)).isEqualTo(what.policy());
    assertThat(run.calls().get(1)).contains("http://127.0.0.1:9000/checkout?a=1&b=2");
    assertThat(run.calls().getLast())
        .contains("DELETE", "http://127.0.0.1:8080/v1/policies/" + what.name());
  }

  @Test
  void asksWhatItIsTold() throws Exception {
    Run run =
        run(
            FormatTest.everything(),
            Map.of("BELAY_EXECUTOR", "http://127.0.0.1:7"),
            "http://127.0.0.1:6/other");

    assertThat(run.calls().get(1)).contains("http://127.0.0.1:6/other");
    assertThat(run.calls().getLast()).anyMatch(word -> word.startsWith("http://127.0.0.1:7/v1/"));
  }

  @Test
  void takesBackWhenAskingFails() throws Exception {
    Run run = run(FormatTest.everything(), Map.of("FAILS_ON", "checkout"));

    assertThat(run.exit()).isEqualTo(22);
    assertThat(run.calls().getLast()).contains("DELETE");
  }

  @Test
  void theTokenIsInNoCommandLine() throws Exception {
    Run run = run(FormatTest.everything(), Map.of("BELAY_TOKEN", "canary"));

    assertThat(run.calls())
        .allSatisfy(call -> assertThat(call).noneMatch(word -> word.contains("canary")));
    assertThat(Files.readString(dir.resolve("calls.config")))
        .contains("header = \"Authorization: Bearer canary\"");
  }
}
