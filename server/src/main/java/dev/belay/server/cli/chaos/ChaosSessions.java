package dev.belay.server.cli.chaos;

import dev.belay.Time;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ProgressBar;
import dev.belay.server.cli.shared.Terminal;
import dev.belay.server.remote.Control;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Sessions of a running server, and how they are told. */
final class ChaosSessions {
  static final String PATH = "/v1/optimization/sessions";

  private static final Map<String, String> REGRESSION =
      Map.of(
          "still", "still there",
          "gone", "gone",
          "untried", "not looked at again",
          "new", "new");
  private static final Duration LOOK = Duration.ofMillis(500);

  private ChaosSessions() {}

  static JsonNode view(Control control, String id) throws InterruptedException {
    return control.get(PATH + "/" + Control.encode(id), Map.of());
  }

  /** The document of a file, YAML or JSON. */
  static JsonNode document(Path file) throws IOException {
    try {
      return new YAMLMapper().readTree(Files.readString(file));
    } catch (JacksonException unreadable) {
      throw new IllegalArgumentException(
          "%s is neither YAML nor JSON: %s".formatted(file, unreadable.getOriginalMessage()),
          unreadable);
    }
  }

  /** Follows a session that has begun to its end and shows it; or only says its id. */
  static int begun(Program belay, Control control, JsonNode begun, boolean noWait)
      throws InterruptedException {
    String id = begun.path("session_id").stringValue("");
    if (noWait) {
      belay.terminal().out().println(id);
      return ExitCode.OK;
    }
    JsonNode view = follow(belay.terminal(), control, id);
    if (belay.isJson()) {
      Json.print(belay.terminal(), view);
    } else {
      belay.terminal().out().println(text(view));
    }
    return view.path("status").stringValue("").equals("COMPLETED") ? ExitCode.OK : ExitCode.FAILED;
  }

  /** Shows a session at work, to its end. */
  private static JsonNode follow(Terminal terminal, Control control, String id)
      throws InterruptedException {
    JsonNode view = view(control, id);
    ProgressBar bar =
        new ProgressBar(
            terminal,
            view.path("service_name").stringValue(""),
            view.at("/progress/max_trials").intValue(0));
    while (true) {
      int found = view.path("defects").size();
      String paused =
          view.path("paused").isString() ? ", waits: " + view.path("paused").stringValue() : "";
      bar.at(
          view.at("/progress/trials_completed").intValue(0), "%d found%s".formatted(found, paused));
      if (isOver(view)) {
        return view;
      }
      Time.system().sleep(LOOK.toNanos());
      view = view(control, id);
    }
  }

  static boolean isOver(JsonNode view) {
    String status = view.path("status").stringValue("");
    return status.equals("COMPLETED") || status.equals("FAILED");
  }

  /** What a session came to, for people. */
  static String text(JsonNode view) {
    StringBuilder text = new StringBuilder();
    text.append(
        "session %s of %s: %s%s%n"
            .formatted(
                view.path("session_id").stringValue(""),
                view.path("service_name").stringValue(""),
                view.path("status").stringValue("").toLowerCase(Locale.ROOT),
                said(view.path("stop_reason"))));
    text.append(
        "%d of %d trials, %d of them could not be made%n"
            .formatted(
                view.at("/progress/trials_completed").intValue(0),
                view.at("/progress/max_trials").intValue(0),
                view.at("/progress/trials_failed").intValue(0)));
    if (view.path("best_result").isObject()) {
      text.append(
          "worst score %.2f in trial %d, mean %.2f%n"
              .formatted(
                  view.at("/best_result/severity_score").doubleValue(0),
                  view.at("/best_result/trial_id").intValue(0),
                  view.at("/statistics/average_score").doubleValue(0)));
    }
    if (view.path("defects").isEmpty()) {
      text.append("nothing was found that breaks it");
    }
    for (JsonNode defect : view.path("defects")) {
      text.append(
          "%n  %s%n    when %s%n"
              .formatted(defect.path("signature").stringValue(""), plan(defect)));
      if (defect.path("minimal").isObject()) {
        text.append(
            "    in %d of %d tries%n"
                .formatted(
                    defect.at("/minimal/hits").intValue(0),
                    defect.at("/minimal/tries").intValue(0)));
      }
    }
    for (String kind : List.of("still", "gone", "untried", "new")) {
      JsonNode known = view.path("regression").path(kind);
      for (JsonNode signature : known) {
        text.append("%n%s: %s".formatted(REGRESSION.get(kind), signature.stringValue("")));
      }
    }
    return text.toString().stripTrailing();
  }

  private static String said(JsonNode reason) {
    return reason.isString() && !reason.stringValue().isEmpty()
        ? " (" + reason.stringValue() + ")"
        : "";
  }

  private static String plan(JsonNode defect) {
    return faults(
        defect.path("minimal").isObject() ? defect.at("/minimal/plan") : defect.path("found"));
  }

  /** The faults of a plan in one line. */
  static String faults(JsonNode plan) {
    StringBuilder text = new StringBuilder();
    for (JsonNode fault : plan.path("faults")) {
      text.append(text.isEmpty() ? "" : " + ")
          .append(fault.path("from").stringValue("*"))
          .append('>')
          .append(fault.path("service").stringValue(""))
          .append(' ')
          .append(fault.path("effect").stringValue(""));
      for (String amount : new String[] {"delay_ms", "status", "after_bytes", "skip"}) {
        if (fault.has(amount)) {
          text.append(' ').append(amount).append('=').append(fault.get(amount).longValue());
        }
      }
    }
    return text.toString();
  }
}
