package dev.belay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.server.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process of its own, as people start and stop it. */
@Timeout(60)
class ServeVerbTest {
  private final List<Process> running = new ArrayList<>();

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  @AfterEach
  void end() {
    running.forEach(Process::destroyForcibly);
  }

  private Process belay(String... args) throws IOException {
    return belay(Map.of(), args);
  }

  private Process belay(Map<String, String> environment, String... args) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Processes.java(Main.class, args)).directory(folder.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    running.add(process);
    return process;
  }

  private static String firstLine(Process process) throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    return line == null ? "" : line;
  }

  private static String get(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static String control(String ready) {
    Matcher matcher = Pattern.compile("http://127\\.0\\.0\\.1:\\d+").matcher(ready);
    assertThat(matcher.find()).as(ready).isTrue();
    return matcher.group();
  }

  @Test
  void asksTheEnvironmentWithoutAFileToo() throws Exception {
    Process process = belay(Map.of("RETRY_MAX_ATTEMPTS", "11"), "serve", "--control-port=0");

    assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains(
            "RETRY_MAX_ATTEMPTS of the environment (chaos.executor.max_attempts): must be a whole"
                + " number, 1 to 10; was 11");
  }

  @Test
  void printsOneReadyLineAndStopsWhenTold() throws Exception {
    Process process =
        belay("serve", "--json", "--control-port=0", "--proxy-port=0", "--socks-port=0");
    String ready = firstLine(process);
    assertThat(ready)
        .matches(
            "\\{\"ready\":true,\"control\":\"http://127.0.0.1:\\d+\","
                + "\"proxy\":\"127.0.0.1:\\d+\",\"socks\":\"127.0.0.1:\\d+\"}");
    assertThat(get(control(ready) + "/health"))
        .contains("\"status\":\"DEGRADED\"", "\"pool_empty\"");

    process.destroy();

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
  }

  @Test
  void takesAChangedFileOverAndKeepsTheOldOneIfTheNewIsBad() throws Exception {
    Path file = folder.resolve("belay.yaml");
    write(file, "http://127.0.0.1:11111", 1);
    Process process = belay("serve", "-c", file.toString());
    String control = control(firstLine(process));
    assertThat(get(control + "/metrics")).contains("proxy=\"http://127.0.0.1:11111\"");

    write(file, "http://127.0.0.1:22222", 2);
    awaitMetrics(control, "proxy=\"http://127.0.0.1:22222\"");
    write(file, "nonsense", 3);
    write(file, "http://127.0.0.1:33333", 4);
    awaitMetrics(control, "proxy=\"http://127.0.0.1:33333\"");
    process.destroy();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private static void write(Path file, String url, int seconds) throws IOException {
    Files.writeString(
        file,
        "control: {port: 0}\nproxy: {port: 0, socks_port: 0, pool: [{url: \"%s\"}]}\n"
            .formatted(url));
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000_000 + seconds)));
  }

  private static void awaitMetrics(String control, String text) throws Exception {
    for (int i = 0; i < 100; i++) {
      if (get(control + "/metrics").contains(text)) {
        return;
      }
      Time.system().sleep(100_000_000);
    }
    assertThat(get(control + "/metrics")).contains(text);
  }

  @Test
  void aTakenPortIsOneClearLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Shell shell = new Shell();
      int code =
          shell.run(
              "serve",
              "--control-port=" + taken.getLocalPort(),
              "--proxy-port=0",
              "--socks-port=0");
      assertThat(code).isEqualTo(1);
      assertThat(shell.err().lines()).hasSize(1);
      assertThat(shell.err()).contains("control port " + taken.getLocalPort(), "in use");
    }
  }

  @Test
  void aBadFileStartsNothing() {
    Shell shell = new Shell();
    Path file = Shell.file(folder, "proxy: {prot: 1}\n");
    assertThat(shell.run("serve", "-c", file.toString())).isEqualTo(2);
    assertThat(shell.err()).contains("belay.yaml:1").contains("prot");
  }

  @Test
  void theDemoPrintsOneObjectForPrograms() {
    Shell shell = new Shell();
    assertThat(shell.run("demo", "--json", "--requests", "40", "--seed", "3")).isZero();
    assertThat(shell.out().lines()).hasSize(1);
    assertThat(shell.out())
        .startsWith("{\"seed\":3,\"plain\":{\"requests\":40,\"success_rate\":")
        .contains("\"belay\":{\"requests\":40,", "\"wasted_attempts\":");
  }

  @Test
  void theDemoPrintsATableForPeople() {
    Shell shell = new Shell().withColours();
    assertThat(shell.run("demo", "--requests", "40")).isZero();
    assertThat(shell.out())
        .contains("random rotation", "belay", "success rate", "attempts per success")
        .contains("hanging", "http_proxy=http://127.0.0.1:8118");
    assertThat(shell.err()).contains("40/40");
  }

  @Test
  void theDemoRejectsTooFewRequests() {
    Shell shell = new Shell();
    assertThat(shell.run("demo", "--requests", "3")).isEqualTo(2);
    assertThat(shell.err()).contains("--requests must be 10 to 100000, was 3");
  }
}
