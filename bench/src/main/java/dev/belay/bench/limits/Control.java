package dev.belay.bench.limits;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control port of a server. Safe for any number of threads. */
final class Control implements AutoCloseable {
  static final String SESSIONS = "/v1/optimization/sessions";
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final String base;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Thread::startVirtualThread)
          .build();

  Control(String base) {
    this.base = base;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send("GET", path, "");
  }

  JsonNode post(String path, String body) throws IOException, InterruptedException {
    return send("POST", path, body);
  }

  JsonNode delete(String path) throws IOException, InterruptedException {
    return send("DELETE", path, "");
  }

  private JsonNode send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(ANSWER)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(
          "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
    }
    return JsonMapper.shared().readTree(answer.body());
  }

  /** Begins a session that searches delays and aborts; gives its id. */
  String begin(int trials, long seed) throws IOException, InterruptedException {
    String body =
        """
        {"service_name": "price", "max_trials": %d, "seed": %d, "search_space": {"dimensions": [
          {"name": "fault_type", "type": "categorical", "values": ["delay", "abort"]},
          {"name": "error_code", "type": "integer", "bounds": [500, 599],
           "condition": {"field": "fault_type", "operator": "equals", "value": "abort"}},
          {"name": "delay_ms", "type": "integer", "bounds": [1, 20],
           "condition": {"field": "fault_type", "operator": "equals", "value": "delay"}}]}}
        """
            .formatted(trials, seed);
    return post(SESSIONS, body).get("session_id").stringValue();
  }

  JsonNode session(String id) throws IOException, InterruptedException {
    return get(SESSIONS + "/" + id);
  }

  /** The trials of a session that are over, each as its number and its plan. */
  List<String> trials(String id) throws IOException, InterruptedException {
    List<String> trials = new ArrayList<>();
    get(SESSIONS + "/" + id + "/trials")
        .get("trials")
        .forEach(trial -> trials.add(trial.get("trial_id") + " " + trial.get("fault_plan")));
    return trials;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
