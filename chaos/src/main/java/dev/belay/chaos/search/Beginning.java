package dev.belay.chaos.search;

import dev.belay.Check;
import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.PlanTree;
import dev.belay.chaos.wire.Tree;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plans that a search begins with. They stand in the document of the session, so that it begins
 * with the same ones when it is taken up again.
 *
 * @param plans the plans, at most 100
 * @param only whether the search ends with them: each is boiled down once more, and nothing else is
 *     tried
 */
public record Beginning(List<Past> plans, boolean only) {
  /** No plan. */
  public static final Beginning NOTHING = new Beginning(List.of(), false);

  /** The arm of plans that a search begins with, and then goes on. */
  public static final String REGRESSION = "regression";

  /** The arm of plans that are boiled down once more. */
  public static final String AGAIN = "again";

  private static final String KEY = "begin_with";
  private static final int MOST = 100;
  private static final double DOUBT = 0.02;
  private static final int MOST_TRIES = 16;

  public Beginning {
    plans = plans.stream().limit(MOST).toList();
  }

  /**
   * A plan that showed a failure once.
   *
   * @param signature the failure
   * @param plan the plan
   * @param odds how often it showed
   * @param topology of which system; see {@link FaultSpace#topology}; empty for whichever it is
   */
  public record Past(String signature, FaultPlan plan, Defect.Odds odds, String topology) {
    /** How often it is tried before the failure is said to be gone: with odds of 49 to 1. */
    int patience() {
      return odds.hits() == odds.of()
          ? 1
          : Math.clamp((long) Math.ceil(Math.log(DOUBT) / Math.log(1 - odds.low())), 1, MOST_TRIES);
    }
  }

  /** Those plans that are of a system. */
  public Beginning of(String topology) {
    return new Beginning(
        plans.stream()
            .filter(past -> past.topology().isEmpty() || past.topology().equals(topology))
            .toList(),
        only);
  }

  /**
   * Those plans that a guard lets in; what was found under a wider one may be beyond it.
   *
   * @throws IllegalArgumentException if nothing but them is wanted, and none is let in
   */
  public Beginning within(BlastRadius radius) {
    List<Past> kept = plans.stream().filter(past -> refusal(radius, past).isEmpty()).toList();
    Check.that(
        !only || plans.isEmpty() || !kept.isEmpty(),
        "the plan must keep within the guard, but %s",
        plans.stream().findFirst().flatMap(past -> refusal(radius, past)).orElse(""));
    return new Beginning(kept, only);
  }

  private static Optional<String> refusal(BlastRadius radius, Past past) {
    Duration longest = radius.limits().life();
    boolean late =
        past.plan().faults().stream().anyMatch(fault -> fault.startDelay().compareTo(longest) >= 0);
    return late
        ? Optional.of("%s begins only after max_duration %s".formatted(past.plan(), longest))
        : radius.refusal(past.plan().atMost(longest));
  }

  /** Plans that strike where these do. */
  public FaultSpace space() {
    Set<Edge> edges = new LinkedHashSet<>();
    plans.forEach(past -> past.plan().faults().forEach(fault -> edges.add(fault.edge())));
    return new FaultSpace(List.copyOf(edges), FaultSpace.Kinds.DEFAULT, 3);
  }

  /** The arm of its trials. */
  String arm() {
    return only ? AGAIN : REGRESSION;
  }

  /** As the document of a session. */
  public String document() {
    if (plans.isEmpty()) {
      return "{}";
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("only", only);
    tree.put("plans", plans.stream().map(Beginning::write).toList());
    return Json.write(Map.of(KEY, tree));
  }

  private static Map<String, Object> write(Past past) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("signature", past.signature());
    tree.put("plan", PlanTree.write(past.plan()));
    tree.put("hits", past.odds().hits());
    tree.put("tries", past.odds().of());
    tree.put("topology", past.topology());
    return tree;
  }

  /** What the document of a session begins with; nothing if it does not say. */
  public static Beginning read(String document) {
    return Json.read(document)
        .maybeTree(KEY)
        .map(tree ->
            new Beginning(
                tree.trees("plans").stream().map(Beginning::past).toList(),
                tree.yesNo("only", false)))
        .orElse(NOTHING);
  }

  private static Past past(Tree tree) {
    int tries = (int) tree.whole("tries", 1, Integer.MAX_VALUE);
    return new Past(
        tree.text("signature"),
        PlanTree.read(tree.tree("plan")),
        new Defect.Odds((int) tree.whole("hits", 0, tries), tries),
        tree.maybeText("topology").orElse(""));
  }
}
