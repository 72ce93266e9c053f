package dev.belay.server.api;

import dev.belay.Sha256;
import dev.belay.chaos.Defect;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.search.PastDefects;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionState;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Trial;
import dev.belay.chaos.wire.ObservationTree;
import dev.belay.chaos.wire.PlanTree;
import dev.belay.chaos.wire.ScoreTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sessions and their trials as trees of JSON. */
final class SessionJson {
  private SessionJson() {}

  static Map<String, Object> view(SessionView view) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("session_id", view.id());
    tree.put("status", view.state().name());
    tree.put("service_name", view.spec().service());
    tree.put("created_at", view.times().created().toString());
    tree.put("updated_at", view.times().updated().toString());
    tree.put("started_at", text(view.times().started()));
    tree.put("completed_at", text(view.times().completed()));
    tree.put("seed", view.spec().seed());
    tree.put("config_hash", hash(view.spec()));
    tree.put("time_budget_sec", view.spec().budget().toSeconds());
    tree.put("stop_reason", view.note().stop().orElse(null));
    tree.put(
        "error",
        view.note().stop().filter(why -> view.state() == SessionState.FAILED).orElse(null));
    tree.put("paused", view.note().pause().orElse(null));
    tree.put("progress", progress(view));
    tree.put("statistics", scores(view.progress().scores()));
    tree.put(
        "best_result",
        view.progress().scores().map(scores -> best(scores.best(), view)).orElse(null));
    tree.put("defects", view.defects().stream().map(SessionJson::defect).toList());
    tree.put(
        "estimated_remaining_sec",
        view.progress().left().map(left -> (left.toMillis() + 999) / 1_000).orElse(null));
    return tree;
  }

  /** Tells apart what sessions were to do; the seed is shown by itself. */
  private static String hash(SessionSpec spec) {
    String text =
        "%s %d %d %d %s"
            .formatted(
                spec.service(),
                spec.trials(),
                spec.budget().toMillis(),
                spec.parallel(),
                spec.space());
    return Sha256.hex(text, 16);
  }

  private static @Nullable String text(Optional<?> value) {
    return value.map(Object::toString).orElse(null);
  }

  private static Map<String, Object> progress(SessionView view) {
    Map<String, Object> tree = new LinkedHashMap<>();
    int done = view.progress().done();
    int most = view.spec().trials();
    tree.put("trials_completed", done);
    tree.put("trials_failed", view.progress().failed());
    tree.put("max_trials", most);
    tree.put("parallel_trials", view.spec().parallel());
    tree.put("progress_percent", Math.round(1_000.0 * done / most) / 10.0);
    SessionView.Looks looks = view.progress().looks();
    Map<String, Object> healthy = new LinkedHashMap<>();
    healthy.put("made", looks.made());
    healthy.put("failed", looks.broken());
    healthy.put("seconds", looks.took().toMillis() / 1_000.0);
    tree.put("healthy_looks", healthy);
    return tree;
  }

  private static Map<String, Object> scores(Optional<SessionView.Scores> scores) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("best_score", scores.map(one -> rounded(total(one.best()))).orElse(null));
    tree.put("worst_score", scores.map(one -> rounded(one.worst())).orElse(null));
    tree.put("average_score", scores.map(one -> rounded(one.average())).orElse(null));
    return tree;
  }

  private static double total(Trial trial) {
    return trial.seen().map(seen -> seen.score().total()).orElse(0.0);
  }

  private static double rounded(double score) {
    return Math.round(score * 1_000) / 1_000.0;
  }

  private static Map<String, Object> best(Trial best, SessionView view) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("fault_plan", plan(best.proposal().plan(), view.spec().service()));
    tree.put("severity_score", rounded(total(best)));
    tree.put("trial_id", best.number());
    return tree;
  }

  /** A plan in the words of published clients, which know one fault only, and whole. */
  private static Map<String, Object> plan(FaultPlan plan, String service) {
    Map<String, Object> tree = new LinkedHashMap<>();
    Optional<Fault> first = plan.faults().stream().findFirst();
    tree.put("service", first.map(fault -> fault.edge().callee()).orElse(service));
    tree.put("fault_type", first.map(fault -> type(fault.effect())).orElse("none"));
    tree.put("duration_ms", plan.life().toMillis());
    first.ifPresent(fault -> {
      switch (fault.effect()) {
        case Effect.Delay delay -> tree.put("delay_ms", delay.by().toMillis());
        case Effect.Abort abort -> {
          tree.put("error_code", abort.status());
          tree.put("abort_probability", fault.percentage() / 100.0);
        }
        case Effect.Rewrite rewrite -> tree.put("error_code", rewrite.status());
        case Effect.Reset none -> {}
        case Effect.Throttle none -> {}
        case Effect.Truncate none -> {}
        case Effect.Corrupt none -> {}
      }
      tree.put("percentage", fault.percentage());
      tree.put("start_delay_ms", fault.startDelay().toMillis());
    });
    tree.put("faults", PlanTree.write(plan).get("faults"));
    return tree;
  }

  private static String type(Effect effect) {
    return effect.kind().equals("rewrite") ? "error_injection" : effect.kind();
  }

  static Map<String, Object> defect(Defect defect) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("signature", defect.signature());
    tree.put("trial_id", defect.trial());
    tree.put("found", PlanTree.write(defect.found()));
    tree.put("minimal", defect.minimal().map(SessionJson::minimal).orElse(null));
    return tree;
  }

  private static Map<String, Object> minimal(Defect.Minimal minimal) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("plan", PlanTree.write(minimal.plan()));
    tree.put("hits", minimal.odds().hits());
    tree.put("tries", minimal.odds().of());
    tree.put("probability", rounded(minimal.odds().share()));
    tree.put("probability_low", rounded(minimal.odds().low()));
    tree.put("probability_high", rounded(minimal.odds().high()));
    tree.put("runs", minimal.runs());
    return tree;
  }

  static Map<String, Object> change(PastDefects.Change change) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("still", change.still());
    tree.put("gone", change.gone());
    tree.put("untried", change.untried());
    tree.put("new", change.added());
    return tree;
  }

  static Map<String, Object> trial(Trial trial, boolean whole) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("trial_id", trial.number());
    tree.put("status", trial.seen().isPresent() ? "SUCCESS" : "FAILED");
    tree.put("timestamp", trial.begun().toString());
    tree.put("duration_sec", trial.took().toNanos() / 1e9);
    tree.put("arm", trial.proposal().arm());
    tree.put("fault_plan", PlanTree.write(trial.proposal().plan()));
    if (!trial.proposal().point().isEmpty()) {
      tree.put("point", trial.proposal().point());
    }
    switch (trial.result()) {
      case Trial.Failed failed -> tree.put("error", failed.why());
      case Trial.Seen seen -> {
        tree.put("score", ScoreTree.write(seen.score()));
        tree.put("signature", seen.insight().failure().orElse(null));
        tree.put("new", seen.insight().isNew());
        if (whole) {
          tree.put("observation", observation(seen.observation()));
        }
      }
    }
    return tree;
  }

  /** With the latency in milliseconds as well, which published clients look for. */
  private static Map<String, Object> observation(Observation seen) {
    Map<String, Object> tree = ObservationTree.write(seen);
    seen.reply().latency().ifPresent(latency -> tree.put("latency_ms", latency.toNanos() / 1e6));
    return tree;
  }

  /** What a watcher is told; nothing of what the healthy system did. */
  static Optional<Map<String, Object>> event(Entry entry) {
    return switch (entry) {
      case Entry.Moved moved -> {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("status", moved.state().name());
        tree.put("at", moved.at().toString());
        tree.put("reason", moved.reason());
        yield Optional.of(tree);
      }
      case Entry.Done done -> Optional.of(trial(done.trial(), false));
      case Entry.Applying applying -> {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("trial_id", applying.trial());
        tree.put("arm", applying.proposal().arm());
        tree.put("fault_plan", PlanTree.write(applying.proposal().plan()));
        yield Optional.of(tree);
      }
      case Entry.Looked looked -> {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("after_trial", looked.after());
        tree.put("at", looked.at().toString());
        tree.put("holds", looked.broken().isEmpty());
        tree.put("detail", looked.broken().orElse(null));
        yield Optional.of(tree);
      }
      case Entry.Safety safety -> {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", safety.entry().kind().name().toLowerCase(Locale.ROOT));
        tree.put("at", safety.entry().at().toString());
        tree.put("detail", safety.entry().detail());
        yield Optional.of(tree);
      }
      case Entry.Found none -> Optional.empty();
      case Entry.Healthy none -> Optional.empty();
    };
  }

  /** The name of what a watcher is told. */
  static String kind(Entry entry) {
    return switch (entry) {
      case Entry.Moved none -> "state";
      case Entry.Done none -> "trial";
      case Entry.Applying none -> "applying";
      case Entry.Looked none -> "looked";
      case Entry.Safety none -> "safety";
      case Entry.Found none -> "found";
      case Entry.Healthy none -> "healthy";
    };
  }

  static List<Map<String, Object>> safety(List<Entry> entries) {
    return entries.stream()
        .filter(Entry.Safety.class::isInstance)
        .map(SessionJson::event)
        .flatMap(Optional::stream)
        .toList();
  }
}
