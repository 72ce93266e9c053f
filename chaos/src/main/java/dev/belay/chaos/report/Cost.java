package dev.belay.chaos.report;

import dev.belay.chaos.Observation;
import dev.belay.chaos.session.Trial;
import dev.belay.chaos.trace.Calls;
import dev.belay.chaos.trace.Trace;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a session took.
 *
 * @param trials how many trials were made
 * @param failed how many of them could not be made
 * @param healthy how many times the healthy system was looked at
 * @param calls how many calls between services the traces of all that show
 * @param spent how long the trials took, together
 * @param arms what each part of the search took, by its name, in the order of their first trials
 */
public record Cost(
    int trials, int failed, int healthy, int calls, Duration spent, Map<String, Arm> arms) {
  public Cost {
    arms = Collections.unmodifiableMap(new LinkedHashMap<>(arms));
  }

  /** How many requests were sent to the system from outside; calls of the guard aside. */
  public int requests() {
    return trials - failed + healthy;
  }

  /**
   * What a part of the search took.
   *
   * @param trials how many trials it proposed
   * @param discoveries how many failures its trials showed first
   * @param spent how long its trials took, together
   */
  public record Arm(int trials, int discoveries, Duration spent) {
    private static final Arm NOTHING = new Arm(0, 0, Duration.ZERO);

    private Arm and(boolean discovery, Duration took) {
      return new Arm(trials + 1, discoveries + (discovery ? 1 : 0), spent.plus(took));
    }
  }

  static Cost of(List<Trial> trials, List<Observation> healthy, int looks) {
    Map<String, Arm> arms = new LinkedHashMap<>();
    Set<String> failures = new HashSet<>();
    Duration spent = Duration.ZERO;
    int failed = 0;
    for (Trial trial : trials) {
      Optional<Trial.Seen> seen = trial.seen();
      boolean isNew =
          seen.flatMap(one -> one.insight().failure()).filter(failures::add).isPresent();
      String arm = trial.proposal().arm();
      arms.put(arm, arms.getOrDefault(arm, Arm.NOTHING).and(isNew, trial.took()));
      spent = spent.plus(trial.took());
      failed += seen.isPresent() ? 0 : 1;
    }
    int calls =
        Stream.concat(
                healthy.stream(),
                trials.stream()
                    .flatMap(trial -> trial.seen().stream())
                    .map(Trial.Seen::observation))
            .flatMap(seen -> seen.trace().stream())
            .mapToInt(Cost::calls)
            .sum();
    return new Cost(trials.size(), failed, healthy.size() + looks, calls, spent, arms);
  }

  private static int calls(Trace trace) {
    return (int)
        Calls.of(trace).stream().filter(call -> !call.caller().equals(Calls.OUTSIDE)).count();
  }
}
