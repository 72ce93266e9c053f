package dev.belay.server.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.Processes;
import dev.belay.server.cli.Main;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A session in a server that is killed again and again. */
@Timeout(180)
class ChaosKillTest {
  private static final String SESSIONS = "/v1/optimization/sessions";
  private static final int KILLS = 4;
  private static final int TRIALS = 120;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Process server = new ProcessBuilder("true").start();
  private String control = "";

  ChaosKillTest() throws IOException {}

  @AfterEach
  void kill() throws InterruptedException {
    server.destroyForcibly().waitFor();
  }

  private void serve(Path config) throws Exception {
    Path out = Files.createTempFile(folder, "out", ".txt");
    server =
        new ProcessBuilder(Processes.java(Main.class, "serve", "--json", "-c", config.toString()))
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
    while (!Files.readString(out).contains("\"ready\":true")) {
      assertThat(server.isAlive()).as(Files.readString(folder.resolve("err.txt"))).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
    String line =
        Files.readString(out)
            .lines()
            .filter(one -> one.contains("\"ready\""))
            .findFirst()
            .orElseThrow();
    control = JsonMapper.shared().readTree(line).get("control").stringValue();
  }

  private JsonNode get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(control + path)).build();
    return JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofString()).body());
  }

  @Test
  void losesNoTrialAndLeavesNoFaultHoweverOftenItIsKilled() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("well")))) {
      Path config =
          Files.writeString(
              folder.resolve("belay.yaml"),
              """
              control: {port: 0}
              proxy: {port: 0, socks_port: 0}
              store: {url: "sqlite:%1$s/belay.db"}
              chaos:
                sessions: "%1$s/sessions"
                services: {shop: {url: "%2$s", healthy_runs: 2}}
              """
                  .formatted(folder, origin.uri("/")));
      serve(config);
      String body =
          """
          {"service_name": "shop", "max_trials": %d, "seed": 3, "search_space": {"dimensions": [
            {"name": "delay_ms", "type": "integer", "bounds": [1, 5000]}]}}
          """
              .formatted(TRIALS);
      HttpRequest begin =
          HttpRequest.newBuilder(URI.create(control + SESSIONS))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body))
              .build();
      String id =
          JsonMapper.shared()
              .readTree(client.send(begin, BodyHandlers.ofString()).body())
              .get("session_id")
              .stringValue();
      Random random = new Random(5);
      List<String> known = List.of();
      for (int i = 0; i < KILLS; i++) {
        known = waitFor(id, known.size() + 3 + random.nextInt(10));
        TimeUnit.MILLISECONDS.sleep(random.nextInt(30));
        server.destroyForcibly().waitFor();
        serve(config);
        assertThat(trials(id)).startsWith(known.toArray(String[]::new));
      }
      List<String> all = waitFor(id, TRIALS);

      assertThat(all).hasSize(TRIALS).startsWith(known.toArray(String[]::new));
      while (!get(SESSIONS + "/" + id).get("status").stringValue().equals("COMPLETED")) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(get("/v1/policies").get("policies")).isEmpty();
    }
  }

  private List<String> waitFor(String id, int count) throws Exception {
    List<String> trials = trials(id);
    while (trials.size() < Math.min(count, TRIALS)) {
      TimeUnit.MILLISECONDS.sleep(5);
      trials = trials(id);
    }
    return trials;
  }

  private List<String> trials(String id) throws Exception {
    List<String> trials = new ArrayList<>();
    get(SESSIONS + "/" + id + "/trials")
        .get("trials")
        .forEach(trial -> trials.add(trial.get("trial_id") + " " + trial.get("fault_plan")));
    return trials;
  }
}
