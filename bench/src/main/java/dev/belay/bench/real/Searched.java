package dev.belay.bench.real;

import dev.belay.Time;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One session over the REST API. */
final class Searched {
  private static final String ALL = "/v1/optimization/sessions";
  private static final long LOOK_NANOS = 500_000_000;

  private final HttpClient client;
  private final URI control;
  private final String id;

  private Searched(HttpClient client, URI control, String id) {
    this.client = client;
    this.control = control;
    this.id = id;
  }

  static Searched begin(HttpClient client, URI control, int trials, long seed, int parallel)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(control.resolve(ALL))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    """
                    {"service_name": "shop", "max_trials": %d, "seed": %d, "parallel_trials": %d}
                    """
                        .formatted(trials, seed, parallel)))
            .build();
    HttpResponse<String> begun = client.send(request, BodyHandlers.ofString());
    if (begun.statusCode() != 202) {
      throw new IOException("no session: " + begun.body());
    }
    String id = JsonMapper.shared().readTree(begun.body()).get("session_id").stringValue();
    return new Searched(client, control, id);
  }

  private String text(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(control.resolve(ALL + "/" + id + path)).GET().build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + ": " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return JsonMapper.shared().readTree(text(path));
  }

  /** Prints each trial as it ends; gives the session when it is over. */
  JsonNode follow(PrintStream out) throws IOException, InterruptedException {
    int seen = 0;
    while (true) {
      JsonNode view = get("");
      for (JsonNode trial : get("/trials?after=" + seen).get("trials")) {
        seen++;
        out.println(line(trial, view.at("/progress/max_trials").intValue()));
      }
      String status = view.get("status").stringValue();
      if (status.equals("COMPLETED") || status.equals("FAILED")) {
        out.println("%s: %s".formatted(status, view.get("stop_reason")));
        return view;
      }
      Time.system().sleep(LOOK_NANOS);
    }
  }

  private static String line(JsonNode trial, int of) {
    List<String> faults = new ArrayList<>();
    trial.at("/fault_plan/faults").forEach(fault -> faults.add(Plans.text(fault)));
    return "%3d/%d %-8s %s%s"
        .formatted(
            trial.get("trial_id").intValue(),
            of,
            trial.get("arm").stringValue(),
            String.join(" + ", faults),
            trial.path("signature").isString()
                ? "  => " + trial.get("signature").stringValue()
                : "");
  }

  /** All trials, with what was seen in them. */
  List<JsonNode> trials() throws IOException, InterruptedException {
    List<JsonNode> trials = new ArrayList<>();
    for (JsonNode trial : get("/trials").get("trials")) {
      trials.add(get("/trials/" + trial.get("trial_id").intValue()));
    }
    return trials;
  }

  /** The report, as {@code html} or {@code markdown}. */
  String report(String format) throws IOException, InterruptedException {
    return text("/report?format=" + format);
  }
}
