package dev.belay.chaos.report;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.guard.SafetyLog;
import dev.belay.chaos.search.PastDefects;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Trial;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.PlanTree;
import dev.belay.chaos.wire.ScoreTree;
import dev.belay.chaos.wire.ServiceMapTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reports for programs. */
public final class JsonReport {
  private static final double MILLIS = 1_000;

  private JsonReport() {}

  /** A report as JSON in many lines. */
  public static String write(Report report) {
    return Json.pretty(tree(report));
  }

  /** A report as a tree of maps, lists and values. */
  public static Map<String, Object> tree(Report report) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("session", session(report.session()));
    tree.put("curve", curve(report.curve()));
    report.curve().compared().ifPresent(text -> tree.put("compared_with_chance", text));
    tree.put("heat_map", heat(report.tried().heat()));
    tree.put("receipts", report.tried().heat().receipts());
    report.tried().map().ifPresent(map -> tree.put("service_map", ServiceMapTree.write(map)));
    tree.put("coverage", coverage(report.tried().coverage()));
    tree.put("defects", report.findings().stream().map(JsonReport::finding).toList());
    report.known().ifPresent(known -> tree.put("regression", known(known)));
    report.influence().ifPresent(one -> tree.put("influence", InfluenceTree.write(one)));
    tree.put("safety", report.effort().safety().stream().map(JsonReport::safety).toList());
    tree.put("cost", cost(report.effort().cost()));
    return tree;
  }

  private static Map<String, Object> known(PastDefects.Change known) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("still", known.still());
    tree.put("gone", known.gone());
    tree.put("untried", known.untried());
    tree.put("new", known.added());
    return tree;
  }

  private static Map<String, Object> session(SessionView session) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("session_id", session.id());
    tree.put("service_name", session.spec().service());
    tree.put("status", session.state().name());
    tree.put("seed", session.spec().seed());
    tree.put("max_trials", session.spec().trials());
    tree.put("created_at", session.times().created().toString());
    session.times().started().ifPresent(at -> tree.put("started_at", at.toString()));
    session.times().completed().ifPresent(at -> tree.put("completed_at", at.toString()));
    session.note().stop().ifPresent(why -> tree.put("stop_reason", why));
    session.note().pause().ifPresent(why -> tree.put("waits_for", why));
    return tree;
  }

  private static List<Map<String, Object>> curve(Curve curve) {
    List<Map<String, Object>> steps = new ArrayList<>();
    for (Step step : curve.steps()) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("trial", step.trial());
      tree.put("best_score", step.best());
      tree.put("best_discovery_score", step.discovery());
      tree.put("distinct_failures", step.failures());
      curve
          .chance()
          .ifPresent(chance ->
              tree.put("expected_by_chance", InfluenceTree.rounded(chance.expected(step.trial()))));
      steps.add(tree);
    }
    return steps;
  }

  private static List<Map<String, Object>> heat(HeatMap heat) {
    return heat.edges().stream().map(edge -> row(heat, edge)).toList();
  }

  private static Map<String, Object> row(HeatMap heat, Edge edge) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("from", edge.caller());
    tree.put("service", edge.callee());
    Map<String, Object> kinds = new LinkedHashMap<>();
    heat.kinds().forEach(kind -> kinds.put(kind, heat.at(edge, kind).word()));
    tree.put("faults", kinds);
    return tree;
  }

  private static Map<String, Object> coverage(Coverage coverage) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("edge_pairs", pairs(coverage.edges()));
    tree.put("fault_pairs", pairs(coverage.sites()));
    tree.put("quiet_random_trials", coverage.quiet());
    coverage.risk().ifPresent(risk -> tree.put("remaining_risk_at_95_percent", risk));
    return tree;
  }

  private static Map<String, Object> pairs(Coverage.Pairs pairs) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("struck", pairs.struck());
    tree.put("of", pairs.of());
    tree.put("percent", pairs.percent());
    return tree;
  }

  private static Map<String, Object> finding(Finding finding) {
    Defect defect = finding.defect();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("signature", defect.signature());
    tree.put("trial", defect.trial());
    tree.put("found", PlanTree.write(defect.found()));
    defect.minimal().ifPresent(minimal -> tree.put("minimal", minimal(minimal)));
    finding.evidence().map(Trial::number).ifPresent(number -> tree.put("shown_by_trial", number));
    finding
        .evidence()
        .flatMap(Trial::seen)
        .ifPresent(seen -> tree.put("score", ScoreTree.write(seen.score())));
    tree.put("hints", finding.hints().stream().map(JsonReport::hint).toList());
    finding.healthy().ifPresent(trace -> put(tree, "healthy", trace));
    finding.failing().ifPresent(trace -> put(tree, "failing", trace));
    return tree;
  }

  private static void put(Map<String, Object> tree, String which, Waterfall trace) {
    tree.put(which + "_trace", trace(trace));
    tree.put(which + "_trace_ns", trace.nanos());
    tree.put(which + "_trace_left", trace.left());
  }

  private static Map<String, Object> minimal(Defect.Minimal minimal) {
    Map<String, Object> tree = new LinkedHashMap<>(PlanTree.write(minimal.plan()));
    tree.put("runs", minimal.runs());
    Map<String, Object> odds = new LinkedHashMap<>();
    odds.put("hits", minimal.odds().hits());
    odds.put("of", minimal.odds().of());
    odds.put("low", minimal.odds().low());
    odds.put("high", minimal.odds().high());
    tree.put("odds", odds);
    return tree;
  }

  private static Map<String, Object> hint(Hint hint) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("pattern", hint.pattern().word());
    tree.put("title", hint.pattern().title());
    tree.put("where", hint.where());
    tree.put("advice", hint.pattern().advice());
    return tree;
  }

  private static List<Map<String, Object>> trace(Waterfall trace) {
    return trace.bars().stream()
        .map(bar -> {
          Map<String, Object> tree = new LinkedHashMap<>();
          tree.put("depth", bar.depth());
          tree.put("name", bar.name());
          tree.put("from_ns", bar.fromNanos());
          tree.put("duration_ns", bar.nanos());
          tree.put("error", bar.error());
          bar.fault().ifPresent(fault -> tree.put("fault", fault));
          return tree;
        })
        .toList();
  }

  private static Map<String, Object> safety(SafetyLog.Entry entry) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("at", entry.at().toString());
    tree.put("kind", entry.kind().name().toLowerCase(Locale.ROOT));
    tree.put("detail", entry.detail());
    return tree;
  }

  private static Map<String, Object> cost(Cost cost) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("trials", cost.trials());
    tree.put("failed_trials", cost.failed());
    tree.put("healthy_requests", cost.healthy());
    tree.put("requests", cost.requests());
    tree.put("calls", cost.calls());
    tree.put("seconds", cost.spent().toMillis() / MILLIS);
    Map<String, Object> arms = new LinkedHashMap<>();
    cost.arms()
        .forEach((name, arm) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("trials", arm.trials());
          one.put("discoveries", arm.discoveries());
          one.put("seconds", arm.spent().toMillis() / MILLIS);
          arms.put(name, one);
        });
    tree.put("arms", arms);
    return tree;
  }
}
