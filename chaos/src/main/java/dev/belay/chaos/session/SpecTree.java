package dev.belay.chaos.session;

import dev.belay.chaos.wire.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a session is to do, as a tree. */
final class SpecTree {
  private static final long SECONDS_A_DAY = 86_400;

  private SpecTree() {}

  /** What was taken, and when. */
  record Taken(SessionSpec spec, Instant created) {}

  static Map<String, Object> write(SessionSpec spec, Instant created) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("service_name", spec.service());
    tree.put("created_at", created.toString());
    tree.put("max_trials", spec.trials());
    tree.put("time_budget_sec", spec.budget().toSeconds());
    tree.put("seed", spec.seed());
    if (spec.parallel() > 1) {
      tree.put("parallel_trials", spec.parallel());
    }
    tree.put("space", spec.space());
    return tree;
  }

  static Taken read(Tree tree) {
    SessionSpec spec =
        tree.build(() ->
            new SessionSpec(
                tree.text("service_name"),
                tree.text("space"),
                (int) tree.whole("max_trials", 1, Integer.MAX_VALUE),
                Duration.ofSeconds(tree.whole("time_budget_sec", 1, SECONDS_A_DAY)),
                tree.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                (int) tree.maybeWhole("parallel_trials", 1, Integer.MAX_VALUE).orElse(1)));
    Instant created = tree.moment("created_at");
    tree.close();
    return new Taken(spec, created);
  }
}
