package dev.belay.bench.real;

import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.net.Journal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What a session reported, beside what the shop itself knows of its defects. */
final class Findings {
  private final Set<Planted> planted;
  private final List<JsonNode> trials;
  private final Map<String, Set<Planted>> truth = new HashMap<>();
  private final Map<Planted, Integer> shown = new EnumMap<>(Planted.class);
  private final Map<Planted, String> reportedAs = new EnumMap<>(Planted.class);
  private final List<JsonNode> defects = new ArrayList<>();

  Findings(Set<Planted> planted, JsonNode session, List<JsonNode> trials, Journal journal) {
    this.planted = planted;
    this.trials = trials;
    session.get("defects").forEach(defects::add);
    for (JsonNode trial : trials) {
      Set<Planted> here = shown(trial, journal);
      here.forEach(defect -> shown.putIfAbsent(defect, trial.get("trial_id").intValue()));
      if (trial.path("signature").isString()) {
        truth
            .computeIfAbsent(
                trial.get("signature").stringValue(), none -> EnumSet.noneOf(Planted.class))
            .addAll(here);
      }
    }
    for (JsonNode defect : defects) {
      of(defect).forEach(one -> reportedAs.putIfAbsent(one, signature(defect)));
    }
  }

  private static Set<Planted> shown(JsonNode trial, Journal journal) {
    Optional<String> id =
        Optional.of(trial.at("/observation/trace/trace_id"))
            .filter(JsonNode::isString)
            .or(() ->
                Optional.of(trial.at("/observation/receipts/0/trace_id"))
                    .filter(JsonNode::isString))
            .map(JsonNode::stringValue);
    return id.map(journal::shown).orElse(Set.of());
  }

  private static String signature(JsonNode defect) {
    return defect.get("signature").stringValue();
  }

  private Set<Planted> of(JsonNode defect) {
    return truth.getOrDefault(signature(defect), Set.of());
  }

  /** How many of the planted defects showed in a trial whose failure was reported. */
  int found() {
    return reportedAs.size();
  }

  /** How many reports stand for none of them. */
  long wrong() {
    return defects.stream().filter(defect -> of(defect).isEmpty()).count();
  }

  /** How many reports there are. */
  int reports() {
    return defects.size();
  }

  /** How many of the reports that stand for something planted were boiled down. */
  long minimal() {
    return defects.stream().filter(defect -> !of(defect).isEmpty() && isBoiled(defect)).count();
  }

  /** How many of those have as many faults as what was planted takes. */
  long exact() {
    return defects.stream()
        .filter(Findings::isBoiled)
        .filter(defect ->
            of(defect).stream()
                .anyMatch(one -> one.order() == defect.at("/minimal/plan/faults").size()))
        .count();
  }

  private static boolean isBoiled(JsonNode defect) {
    return defect.path("minimal").isObject();
  }

  /** How many trials there were. */
  int trials() {
    return trials.size();
  }

  /** How many of them could not be made. */
  long failed() {
    return trials.stream()
        .filter(trial -> trial.get("status").stringValue().equals("FAILED"))
        .count();
  }

  private static String word(Planted defect) {
    return defect.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** What was measured of the trials themselves. */
  private String noise() {
    long complete =
        trials.stream()
            .filter(trial -> trial.at("/observation/trace/complete").booleanValue(false))
            .count();
    OptionalDouble seconds =
        trials.stream().mapToDouble(trial -> trial.get("duration_sec").doubleValue()).average();
    return "%d trials of %.1f s on average, %d of them with a whole trace, %d that could not be made."
        .formatted(trials.size(), seconds.orElse(0), complete, failed());
  }

  /** All of it as a table. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d of %d planted defects showed in trials whose failure was reported, %d of %d reports are false. %s%n%n"
            .formatted(found(), planted.size(), wrong(), defects.size(), noise()));
    text.append("| planted | faults | shows first in trial | reported as |\n|---|---|---|---|\n");
    for (Planted defect : planted.stream().sorted().toList()) {
      text.append(
          "| %s | %d | %s | %s |%n"
              .formatted(
                  word(defect),
                  defect.order(),
                  Optional.ofNullable(shown.get(defect)).map(String::valueOf).orElse("-"),
                  Optional.ofNullable(reportedAs.get(defect))
                      .map(name -> "`" + name.replace("|", "\\|") + "`")
                      .orElse(shown.containsKey(defect) ? "**not noticed**" : "-")));
    }
    text.append("\n| reported | smallest plan | odds | stands for |\n|---|---|---|---|\n");
    for (JsonNode defect : defects) {
      JsonNode minimal = defect.path("minimal");
      boolean boiled = isBoiled(defect);
      Set<Planted> real = of(defect);
      text.append(
          "| `%s` | %s | %s | %s |%n"
              .formatted(
                  signature(defect).replace("|", "\\|"),
                  Plans.of(boiled ? minimal.get("plan") : defect.get("found"))
                      + (boiled ? "" : " (not boiled down)"),
                  boiled
                      ? "%d of %d"
                          .formatted(
                              minimal.get("hits").intValue(), minimal.get("tries").intValue())
                      : "-",
                  real.isEmpty()
                      ? "**nothing that was planted**"
                      : String.join(", ", real.stream().sorted().map(Findings::word).toList())));
    }
    return text.toString().strip();
  }
}
