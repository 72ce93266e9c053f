package dev.belay.chaos.session;

import dev.belay.chaos.guard.SafetyLog;
import dev.belay.chaos.wire.DefectTree;
import dev.belay.chaos.wire.ObservationTree;
import dev.belay.chaos.wire.PlanTree;
import dev.belay.chaos.wire.ScoreTree;
import dev.belay.chaos.wire.Tree;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lines of a journal as trees. */
final class EntryTree {
  private EntryTree() {}

  static Map<String, Object> write(Entry entry) {
    Map<String, Object> tree = new LinkedHashMap<>();
    switch (entry) {
      case Entry.Moved moved -> {
        tree.put("event", "state");
        tree.put("at", moved.at().toString());
        tree.put("state", moved.state().name());
        tree.put("reason", moved.reason());
      }
      case Entry.Healthy healthy -> {
        tree.put("event", "healthy");
        tree.put("observation", ObservationTree.write(healthy.observation()));
      }
      case Entry.Applying applying -> {
        tree.put("event", "applying");
        tree.put("at", applying.at().toString());
        tree.put("trial", applying.trial());
        tree.put("proposal", write(applying.proposal()));
      }
      case Entry.Done done -> {
        tree.put("event", "trial");
        tree.putAll(write(done.trial()));
      }
      case Entry.Looked looked -> {
        tree.put("event", "looked");
        tree.put("at", looked.at().toString());
        tree.put("after", looked.after());
        tree.put("took_ns", looked.took().toNanos());
        looked.broken().ifPresent(broken -> tree.put("broken", broken));
      }
      case Entry.Found found -> {
        tree.put("event", "found");
        tree.put("defects", found.defects().stream().map(DefectTree::write).toList());
      }
      case Entry.Safety safety -> {
        tree.put("event", "safety");
        tree.put("at", safety.entry().at().toString());
        tree.put("kind", safety.entry().kind().name().toLowerCase(Locale.ROOT));
        tree.put("detail", safety.entry().detail());
      }
    }
    return tree;
  }

  private static Map<String, Object> write(Proposal proposal) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("plan", PlanTree.write(proposal.plan()));
    tree.put("arm", proposal.arm());
    if (!proposal.point().isEmpty()) {
      tree.put("point", proposal.point());
    }
    return tree;
  }

  private static Map<String, Object> write(Trial trial) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("trial", trial.number());
    tree.put("at", trial.begun().toString());
    tree.put("took_ns", trial.took().toNanos());
    tree.put("proposal", write(trial.proposal()));
    switch (trial.result()) {
      case Trial.Failed failed -> tree.put("failed", failed.why());
      case Trial.Seen seen -> {
        tree.put("observation", ObservationTree.write(seen.observation()));
        tree.put("score", ScoreTree.write(seen.score()));
        seen.insight().failure().ifPresent(failure -> tree.put("signature", failure));
        if (seen.insight().isNew()) {
          tree.put("new", true);
        }
      }
    }
    return tree;
  }

  static Entry read(Tree tree) {
    Entry entry =
        switch (tree.text("event")) {
          case "state" ->
              new Entry.Moved(state(tree), tree.moment("at"), tree.maybeText("reason").orElse(""));
          case "healthy" -> new Entry.Healthy(ObservationTree.read(tree.tree("observation")));
          case "applying" ->
              new Entry.Applying(
                  (int) tree.whole("trial", 1, Integer.MAX_VALUE),
                  proposal(tree.tree("proposal")),
                  tree.moment("at"));
          case "trial" -> new Entry.Done(trial(tree));
          case "looked" ->
              new Entry.Looked(
                  (int) tree.whole("after", 0, Integer.MAX_VALUE),
                  tree.moment("at"),
                  Duration.ofNanos(tree.whole("took_ns", 0, Long.MAX_VALUE)),
                  tree.maybeText("broken"));
          case "found" ->
              new Entry.Found(tree.trees("defects").stream().map(DefectTree::read).toList());
          case "safety" ->
              new Entry.Safety(
                  new SafetyLog.Entry(tree.moment("at"), kind(tree), tree.text("detail")));
          default ->
              throw tree.wrong(
                  "event", "one of state, healthy, applying, trial, looked, found, safety");
        };
    tree.close();
    return entry;
  }

  private static SessionState state(Tree tree) {
    String name = tree.text("state");
    for (SessionState state : SessionState.values()) {
      if (state.name().equals(name)) {
        return state;
      }
    }
    throw tree.wrong("state", "one of PENDING, RUNNING, STOPPING, COMPLETED, FAILED");
  }

  private static SafetyLog.Kind kind(Tree tree) {
    String name = tree.text("kind");
    for (SafetyLog.Kind kind : SafetyLog.Kind.values()) {
      if (kind.name().equalsIgnoreCase(name)) {
        return kind;
      }
    }
    throw tree.wrong("kind", "one of refused, held, broken_off, recovered, paused");
  }

  private static Proposal proposal(Tree tree) {
    Map<String, Object> point = new LinkedHashMap<>();
    tree.maybeTree("point")
        .ifPresent(values ->
            values.members().forEach((key, value) -> point.put(String.valueOf(key), value)));
    Proposal proposal =
        tree.build(() -> new Proposal(PlanTree.read(tree.tree("plan")), tree.text("arm"), point));
    tree.close();
    return proposal;
  }

  private static Trial trial(Tree tree) {
    Optional<String> failed = tree.maybeText("failed");
    Trial.Result result;
    if (failed.isPresent()) {
      result = new Trial.Failed(failed.get());
    } else {
      result =
          new Trial.Seen(
              ObservationTree.read(tree.tree("observation")),
              ScoreTree.read(tree.tree("score")),
              new Insight(tree.maybeText("signature"), tree.yesNo("new", false)));
    }
    return tree.build(() ->
        new Trial(
            (int) tree.whole("trial", 1, Integer.MAX_VALUE),
            proposal(tree.tree("proposal")),
            result,
            tree.moment("at"),
            Duration.ofNanos(tree.whole("took_ns", 0, Long.MAX_VALUE))));
  }
}
