package dev.belay.server.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.server.Processes;
import dev.belay.server.cli.Main;
import dev.belay.server.cli.Shell;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FreePorts;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Fault proxies in a process of their own, which outlive the server that puts faults in force. */
@Timeout(300)
class ChaosPlaneTest {
  private static final String SESSIONS = "/v1/optimization/sessions";
  private static final int TRIALS = 40;
  private static final Duration LEASE = Duration.ofSeconds(3);

  /** The second that is promised, and one more for a machine that is busy. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final Duration START = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Process> running = new ArrayList<>();
  private int control;
  private URI front = URI.create("http://127.0.0.1:1/");

  @AfterEach
  void kill() throws InterruptedException {
    for (Process process : running) {
      process.destroyForcibly().waitFor();
    }
    client.close();
  }

  private JsonNode start(String name, String... arguments) throws Exception {
    Path out = Files.createTempFile(folder, name, ".out");
    Path err = folder.resolve(name + ".err");
    Process process =
        new ProcessBuilder(Processes.java(Main.class, arguments))
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    running.add(process);
    Time time = Time.system();
    long limit = time.nanos() + START.toNanos();
    while (true) {
      Optional<String> ready =
          Files.readString(out).lines().filter(line -> line.contains("\"ready\":true")).findFirst();
      if (ready.isPresent() && ready.get().endsWith("}")) {
        return JsonMapper.shared().readTree(ready.get());
      }
      assertThat(process.isAlive() && time.nanos() < limit)
          .as("%s is ready: %s", name, Files.readString(err))
          .isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void openFronts(int upstream) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("fronts.yaml"),
            """
            chaos:
              lease: %ds
              fronts: [{service: shop, port: 0, upstream: "127.0.0.1:%d"}]
            """
                .formatted(LEASE.toSeconds(), upstream));
    JsonNode ready =
        start("plane", "chaos", "plane", "-c", config.toString(), "--url", address(""), "--json");
    assertThat(ready.at("/fronts/0/service").stringValue()).isEqualTo("shop");
    front = URI.create("http://127.0.0.1:%d/".formatted(ready.at("/fronts/0/port").intValue()));
  }

  private Process serve() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("belay.yaml"),
            """
            control: {port: %2$d}
            proxy: {port: 0, socks_port: 0}
            store: {url: "sqlite:%1$s/belay.db"}
            chaos:
              lease: %3$ds
              sessions: "%1$s/sessions"
              services: {shop: {url: "%4$s", healthy_runs: 2}}
            """
                .formatted(folder, control, LEASE.toSeconds(), front));
    JsonNode ready = start("server", "serve", "--json", "-c", config.toString());
    assertThat(ready.get("control").stringValue()).endsWith(":" + control);
    return running.getLast();
  }

  private String address(String path) {
    return "http://127.0.0.1:%d%s".formatted(control, path);
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address(path))).timeout(LONGEST).build();
    return JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofString()).body());
  }

  private String begin() throws IOException, InterruptedException {
    String body =
        """
        {"service_name": "shop", "max_trials": %d, "seed": 3, "search_space": {"dimensions": [
          {"name": "delay_ms", "type": "integer", "bounds": [40, 90]}]}}
        """
            .formatted(TRIALS);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address(SESSIONS)))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    String begun = client.send(request, BodyHandlers.ofString()).body();
    return JsonMapper.shared().readTree(begun).get("session_id").stringValue();
  }

  /** Whether it is at work; says why not. */
  private boolean isBusy(String id) throws IOException, InterruptedException {
    JsonNode session = get(SESSIONS + "/" + id);
    String status = session.get("status").stringValue();
    assertThat(status).as("%s", session).isIn("PENDING", "RUNNING", "COMPLETED");
    return !status.equals("COMPLETED");
  }

  private List<String> trials(String id) throws IOException, InterruptedException {
    List<String> trials = new ArrayList<>();
    get(SESSIONS + "/" + id + "/trials")
        .get("trials")
        .forEach(trial -> trials.add(trial.get("trial_id") + " " + trial.get("fault_plan")));
    return trials;
  }

  /** Sends what the session would send, one request after the other, until it is told to stop. */
  private final class Probing implements AutoCloseable {
    private final Time time = Time.system();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong struck = new AtomicLong();

    /** When the last request was sent that a fault struck. */
    private final AtomicLong last = new AtomicLong();

    private final AtomicReference<@Nullable IOException> broken = new AtomicReference<>();
    private final HttpRequest request;
    private final Thread thread;

    Probing(String session) {
      request =
          HttpRequest.newBuilder(front)
              .header("baggage", "belay-chaos=" + session)
              .timeout(LONGEST)
              .build();
      thread = Thread.startVirtualThread(this::run);
    }

    /** The fault proxy must answer all the time, whoever is dead. */
    long asked() {
      assertThat(broken.get()).as("what the fault proxy answers").isNull();
      return asked.get();
    }

    private void run() {
      try {
        while (!over.get()) {
          long sent = time.nanos();
          HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
          asked.incrementAndGet();
          if (answer.headers().firstValue("x-fault-injected").isPresent()) {
            last.set(sent);
            struck.incrementAndGet();
          }
          time.sleep(2_000_000);
        }
      } catch (IOException nothing) {
        broken.set(nothing);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      over.set(true);
      try {
        thread.join();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void noFaultOutlivesAServerThatIsKilledByMoreThanItsLease() throws Exception {
    control = FreePorts.one();
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("well")))) {
      openFronts(origin.port());
      Process server = serve();
      String id = begin();
      List<String> known = List.of();
      Time time = Time.system();
      for (int kills = 1; kills <= 2; kills++) {
        try (Probing probing = new Probing(id)) {
          int enough = known.size() + 5;
          while (probing.struck.get() == 0 || trials(id).size() < enough) {
            assertThat(isBusy(id) && probing.asked() >= 0).isTrue();
            TimeUnit.MILLISECONDS.sleep(5);
          }
          known = trials(id);
          server.destroyForcibly().waitFor();
          long limit = time.nanos() + LEASE.plus(SLACK).toNanos();
          long before = probing.asked();
          while (time.nanos() < limit || probing.asked() < before + 20) {
            TimeUnit.MILLISECONDS.sleep(20);
          }
          long asked = probing.asked();
          while (probing.asked() < asked + 20) { // all of which are sent after the limit
            TimeUnit.MILLISECONDS.sleep(5);
          }
          assertThat(probing.last.get() - limit).as("after the lease").isNegative();
        }
        server = serve();
        assertThat(trials(id)).startsWith(known.toArray(String[]::new));
      }
      while (isBusy(id)) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(trials(id)).hasSize(TRIALS).startsWith(known.toArray(String[]::new));
      assertThat(get("/v1/policies").get("policies")).isEmpty();
    }
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Shell shell = new Shell();
    Path config = Shell.file(folder, "chaos: {lease: 5s}");

    int code = shell.run("chaos", "plane", "-c", config.toString());

    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(shell.err()).contains("has no chaos.fronts");
    Shell other = new Shell();
    Path good =
        Shell.file(folder, "chaos: {fronts: [{service: a, port: 0, upstream: \"127.0.0.1:9\"}]}");
    assertThat(other.run("chaos", "plane", "-c", good.toString(), "--id", "a b"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(other.err()).contains("--id: id must be 1 to 64 letters");
  }
}
