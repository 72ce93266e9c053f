package dev.belay.chaos.session;

import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.SparedPaths;
import dev.belay.chaos.trace.Calls;
import dev.belay.chaos.trace.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a session would try, as long as the system bears it. No fault is put in force for it, and an
 * executor is asked at most of what kind it is.
 *
 * @param asked what the healthy system was asked; none if nothing had to be
 * @param calls the calls that the healthy system makes, such as {@code cart>pricing GET /price}
 * @param steps the first plans, in the order in which they would be tried
 * @param longest how long the session may take at the most, waits for a steady system aside
 */
public record DryRun(
    Optional<String> asked, List<String> calls, List<Step> steps, Duration longest) {
  private static final Duration ANY = Duration.ofMillis(1);

  public DryRun {
    calls = List.copyOf(calls);
    steps = List.copyOf(steps);
  }

  /**
   * One plan.
   *
   * @param proposal the plan, and which part of the search wants it
   * @param policy what would be put in force
   * @param struck the calls of the healthy system that it would strike
   * @param refusal why the guard would not let it in; none if it would
   */
  public record Step(
      Proposal proposal, Policy policy, List<String> struck, Optional<String> refusal) {
    public Step {
      struck = List.copyOf(struck);
    }
  }

  /** Looks at the healthy system once if it has to, and asks the search. */
  static DryRun of(Experiment experiment, SessionSpec spec, int most, Instant now)
      throws TargetFailed, InterruptedException {
    Optional<Observation> seen =
        experiment.isDerived() ? Optional.of(experiment.look()) : Optional.empty();
    List<Observation> healthy = seen.stream().toList();
    Search search = experiment.search(healthy);
    Observation borne = seen.orElseGet(() -> unasked(now));
    Experiment.Scoring scoring = experiment.scoring(List.of(borne));
    List<Calls.Call> calls =
        seen.flatMap(Observation::trace).map(DryRun::between).orElse(List.of());
    BlastRadius radius = experiment.bounds().radius();
    List<Step> steps = new ArrayList<>();
    Set<FaultPlan> shown = new HashSet<>();
    int again = 0;
    int number = 0;
    while (steps.size() < Math.min(most, spec.trials()) && again < most) {
      Optional<Proposal> proposal = search.next();
      if (proposal.isEmpty()) {
        break;
      }
      FaultPlan plan = proposal.get().plan();
      Insight unused = search.saw(++number, borne, scoring.score(plan, borne));
      if (!shown.add(plan)) {
        again++; // the space may have no more than these
        continue;
      }
      Policy policy = experiment.policy(plan);
      List<String> spared =
          policy.rules().stream().flatMap(rule -> rule.match().spared().stream()).toList();
      SparedPaths paths = SparedPaths.of(spared);
      steps.add(
          new Step(
              proposal.get(),
              policy,
              calls.stream()
                  .filter(call -> !paths.cover(path(call)))
                  .filter(call -> plan.faults().stream().anyMatch(fault -> strikes(fault, call)))
                  .map(DryRun::text)
                  .distinct()
                  .toList(),
              radius.refusal(plan).or(() -> radius.closed(plan, now))));
    }
    Duration trial = experiment.bounds().settings().trial();
    long rounds = Math.ceilDiv(spec.trials(), spec.parallel());
    Duration all = trial.multipliedBy(rounds + experiment.healthyRuns());
    Duration last = spec.budget().plus(trial); // the last one may begin when time is almost over
    return new DryRun(
        seen.map(Observation::endpoint),
        calls.stream().map(DryRun::text).distinct().toList(),
        steps,
        all.compareTo(last) < 0 ? all : last);
  }

  private static Observation unasked(Instant now) {
    return new Observation(
        "nothing",
        Observation.Reply.of(200, ANY),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        now);
  }

  private static List<Calls.Call> between(Trace trace) {
    return Calls.of(trace).stream().filter(call -> !call.caller().equals(Calls.OUTSIDE)).toList();
  }

  private static boolean strikes(Fault fault, Calls.Call call) {
    boolean method = fault.match().method().map(words(call)[0]::equals).orElse(true);
    boolean path = fault.match().pathPrefix().map(path(call)::startsWith).orElse(true);
    return fault.edge().covers(call.caller(), call.callee()) && method && path;
  }

  /** Such as {@code GET} and {@code /price}. */
  private static String[] words(Calls.Call call) {
    return call.span().operation().split(" ", 2);
  }

  private static String path(Calls.Call call) {
    String[] words = words(call);
    return words[words.length - 1];
  }

  private static String text(Calls.Call call) {
    return "%s>%s %s".formatted(call.caller(), call.callee(), call.span().operation());
  }
}
