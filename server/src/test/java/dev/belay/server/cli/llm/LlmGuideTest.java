package dev.belay.server.cli.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.BelayServer;
import dev.belay.server.cli.DocumentsTest;
import dev.belay.server.cli.Shell;
import dev.belay.server.config.BelayConfig;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.FaultyProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the guide to the model room; only providers and ports are others. */
@Timeout(120)
class LlmGuideTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set before the test
  private Path folder;

  private static String block(String language) throws Exception {
    return DocumentsTest.blocks(language).stream()
        .filter(block -> block.file().endsWith("llm.md"))
        .filter(block -> !block.text().startsWith("./belay demo")) // a test of its own
        .findFirst()
        .orElseThrow()
        .text();
  }

  @Test
  void eachCommandWorks() throws Exception {
    try (FaultyProvider provider = FaultyProvider.start(Answer.text("hello yourself"))) {
      String yaml =
          block("yaml")
              .replace("https://api.openai.com/v1", provider.uri("/v1").toString())
              .replace("https://api.anthropic.com", provider.uri("").toString());
      Path config = Files.writeString(folder.resolve("belay.yaml"), yaml);
      Optional<Integer> any = Optional.of(0);
      BelayServer server =
          BelayServer.start(
              BelayConfig.load(config, Map.of()).withPorts(any, any, any).withLlmPort(any));
      try {
        String gateway = server.llm().orElseThrow();
        for (String line : block("sh").lines().toList()) {
          if (line.startsWith("curl")) {
            assertThat(inShell(line.replace("http://127.0.0.1:8090", gateway)))
                .as(line)
                .containsAnyOf("hello", "\"id\":\"smart\"");
          } else if (!line.startsWith("./belay serve")) { // that one runs already
            Shell shell = new Shell();
            assertThat(shell.run("config", "check", "-c", config.toString())).isZero();
          }
        }
      } finally {
        server.stop();
      }
    }
  }

  private String inShell(String line) throws Exception {
    String careful = line.replaceFirst("^curl ", "curl --fail-with-body --max-time 30 -sS ");
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", careful);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    Process process = builder.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).as(line).isTrue();
    assertThat(process.exitValue()).as("%s: %s", line, out).isZero();
    return out;
  }
}
