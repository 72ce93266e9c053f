package dev.belay.chaos.inject;

import dev.belay.Check;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What plans come to as policies. */
public final class PlanPolicies {
  /** What published executors leave out of what can be matched. */
  private static final Set<String> UNSEEN =
      Set.of("traceparent", "tracestate", "baggage", "cookie");

  private static final long SECOND_MS = 1_000;

  private PlanPolicies() {}

  /**
   * One policy for a whole plan, for executors that know all that this one knows: rule {@code i} is
   * fault {@code i} of the plan, and all that mean a request strike it.
   *
   * @param plan at least one fault
   * @param metadata its name, and who answers for it
   * @param aim whose requests are meant
   */
  public static Policy whole(FaultPlan plan, Policy.Metadata metadata, Aim aim) {
    List<Rule> rules =
        plan.faults().stream()
            .map(fault ->
                new Rule(
                    match(fault, Optional.of(fault.edge()), aim),
                    new RuleFault(
                        fault.percentage(),
                        new Timing(Duration.ZERO, life(plan), fault.startDelay()),
                        fault.hits(),
                        Actions.of(fault.effect()))))
            .toList();
    return new Policy(metadata, Selector.ANY, Policy.Apply.ALL, rules);
  }

  /**
   * One policy for each fault of a plan, for executors that know only what was published: delays
   * and aborts of all calls of a service.
   *
   * @param name the name of the first one; others have a number behind it
   * @throws IllegalArgumentException if the plan asks for more than that, or if a fault might
   *     strike a path that is to be spared
   */
  public static List<Policy> plain(FaultPlan plan, String name, Aim aim) {
    Check.that(aim.baggage().isEmpty(), "this executor cannot match members of baggage");
    aim.headers().forEach(header -> checkSeen(header.name()));
    List<Policy> policies = new ArrayList<>();
    for (Fault fault : plan.faults()) {
      checkPlain(fault);
      fault.match().headers().keySet().forEach(PlanPolicies::checkSeen);
      checkSpared(fault, aim.spared());
      String own = policies.isEmpty() ? name : name + "-" + policies.size();
      Rule rule =
          new Rule(
              match(fault, Optional.empty(), aim.sparing(List.of())),
              new RuleFault(
                  fault.percentage(),
                  new Timing(fault.startDelay(), life(plan), Duration.ZERO),
                  Fault.Hits.ALL,
                  Actions.of(fault.effect())));
      String callee = fault.edge().callee();
      policies.add(
          new Policy(
              Policy.Metadata.named(own),
              new Selector(callee.equals(Edge.ANY) ? "" : callee, ""),
              Policy.Apply.FIRST,
              List.of(rule)));
    }
    return policies;
  }

  private static void checkSeen(String header) {
    Check.that(
        !UNSEEN.contains(header.toLowerCase(Locale.ROOT)),
        "this executor never sees the header %s, so that the fault would strike nothing",
        header);
  }

  private static void checkPlain(Fault fault) {
    Check.that(
        fault.effect() instanceof Effect.Delay || fault.effect() instanceof Effect.Abort,
        "this executor knows delay and abort only, was %s",
        fault);
    Check.that(
        fault.edge().caller().equals(Edge.ANY),
        "this executor cannot tell callers apart; strike *>%s instead of %s",
        fault.edge().callee(),
        fault.edge());
    Check.that(
        fault.hits().equals(Fault.Hits.ALL), "this executor cannot count requests, was %s", fault);
  }

  /** There is no way to tell such an executor which paths not to strike. */
  private static void checkSpared(Fault fault, List<String> spared) {
    boolean apart =
        spared.isEmpty()
            || fault
                .match()
                .pathPrefix()
                .map(prefix -> !SparedPaths.of(spared).touch(prefix))
                .orElse(false);
    Check.that(
        apart,
        "this executor cannot spare the protected paths %s: %s might strike them; let Belay put"
            + " faults in force, or search a space with paths",
        spared,
        fault);
  }

  /**
   * How long the policies of a plan are in force: its life in whole seconds, and never 0, which
   * would be for ever.
   */
  public static Duration life(FaultPlan plan) {
    return Duration.ofSeconds(Math.ceilDiv(plan.life().toMillis(), SECOND_MS));
  }

  private static RequestMatch match(Fault fault, Optional<Edge> edge, Aim aim) {
    Match match = fault.match();
    List<NamedMatch> headers = new ArrayList<>(aim.headers());
    match
        .headers()
        .forEach((name, value) ->
            headers.add(
                new NamedMatch(
                    name,
                    value.isEmpty() ? Optional.empty() : Optional.of(TextMatch.exact(value)))));
    return new RequestMatch(
        edge,
        match.method().map(TextMatch::exact),
        Optional.of(TextMatch.prefix(match.pathPrefix().orElse("/"))),
        aim.spared(),
        headers,
        aim.baggage());
  }
}
