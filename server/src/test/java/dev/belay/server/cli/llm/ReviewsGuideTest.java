package dev.belay.server.cli.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.BelayServer;
import dev.belay.server.Parked;
import dev.belay.server.cli.DocumentsTest;
import dev.belay.server.cli.DocumentsTest.Block;
import dev.belay.server.cli.Shell;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the guide to reviews, each on a review of its own. */
@Timeout(60)
class ReviewsGuideTest {
  private static final String TICKET = "rev-0123456789abcdef0123456789abcdef";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before the test
  private Path folder;

  @Test
  void eachCommandWorks() throws Exception {
    Store store = Store.inMemory();
    String yaml = "control: {port: 0}\nproxy: {port: 0, socks_port: 0}\n";
    BelayServer server = BelayServer.start(BelayConfig.parse(yaml, "test", Map.of()), store);
    Path answer = Files.writeString(folder.resolve("answer.json"), "{\"age\": 42}\n");
    int lines = 0;
    try {
      for (Block block : DocumentsTest.blocks("sh")) {
        if (block.file().endsWith("llm-reviews.md")) {
          for (String line : block.text().lines().toList()) {
            String ticket = store.reviews().park(Parked.any(), Duration.ofHours(1)).ticket();
            run(
                line.replace(TICKET, ticket)
                    .replace("answer.json", answer.toString())
                    .replace("http://127.0.0.1:8080", server.control()),
                server);
            lines++;
          }
        }
      }
    } finally {
      server.stop();
    }
    assertThat(lines).isGreaterThan(10);
  }

  private static void run(String line, BelayServer server) throws Exception {
    if (line.startsWith("curl ")) {
      assertThat(inShell(line.replaceFirst("^curl ", "curl --fail-with-body --max-time 30 -sS ")))
          .as(line)
          .contains("\"ticket\":\"rev-");
      return;
    }
    List<String> words = new ArrayList<>(Arrays.asList(line.split(" ", -1)));
    words.removeFirst();
    words.add("--url=" + server.control());
    Shell shell = new Shell();
    assertThat(shell.run(words.toArray(String[]::new))).as("%s: %s", line, shell.err()).isZero();
    assertThat(shell.out()).as(line).isNotBlank();
  }

  private static String inShell(String line) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", line);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toLowerCase(java.util.Locale.ROOT).endsWith("_proxy"));
    Process process = builder.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).as(line).isTrue();
    assertThat(process.exitValue()).as("%s: %s", line, out).isZero();
    return out;
  }
}
