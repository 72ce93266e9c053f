package dev.belay.chaos.inject;

import dev.belay.Time;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * All rules that are in force at once, in the one order in which they are asked: by priority of
 * their policies, then by name, then as they stand in the policy. The first rule that means a
 * request decides, whether or not its dice fall; of a policy that applies all its rules, all that
 * mean it do. Safe for any number of threads.
 */
public final class RuleSet {
  private final List<Group> groups;
  private final Time time;
  private final RandomGenerator random;

  private record Group(Policy policy, List<CompiledRule> rules, Policy.Apply apply) {}

  private RuleSet(List<Group> groups, Time time, RandomGenerator random) {
    this.groups = groups;
    this.time = time;
    this.random = random;
  }

  /**
   * A policy and since when it is in force.
   *
   * @param policy the policy
   * @param sinceNanos since when, by the clock of the rule set
   */
  public record Since(Policy policy, long sinceNanos) {}

  /** No rules. */
  public static RuleSet none(Time time, RandomGenerator random) {
    return new RuleSet(List.of(), time, random);
  }

  /**
   * Rules of some policies.
   *
   * @param random where the dice come from; safe for as many threads as ask
   */
  public static RuleSet of(Collection<Since> policies, Time time, RandomGenerator random) {
    return none(time, random).with(policies);
  }

  /** Rules of other policies; those that stay as they are keep their counts. */
  public RuleSet with(Collection<Since> policies) {
    List<Group> next = new ArrayList<>();
    for (Since since : policies) {
      next.add(
          groups.stream()
              .filter(group -> group.policy().equals(since.policy()))
              .filter(group -> since.sinceNanos() == group.rules().getFirst().takenUpNanos())
              .findFirst()
              .orElseGet(() -> group(since)));
    }
    next.sort((one, other) -> Policy.ORDER.compare(one.policy(), other.policy()));
    return new RuleSet(List.copyOf(next), time, random);
  }

  private static Group group(Since since) {
    List<CompiledRule> rules = new ArrayList<>();
    for (int i = 0; i < since.policy().rules().size(); i++) {
      rules.add(new CompiledRule(since.policy(), i, since.sinceNanos()));
    }
    return new Group(since.policy(), List.copyOf(rules), since.policy().apply());
  }

  /** Whether there are no rules. */
  public boolean isEmpty() {
    return groups.isEmpty();
  }

  /** What strikes a request; nothing in most cases. Throws the dice, so to be asked once. */
  public List<Strike> strikes(FaultRequest request) {
    for (Group group : groups) {
      List<Strike> struck = new ArrayList<>(0);
      boolean meant = false;
      for (CompiledRule rule : group.rules()) {
        if (rule.means(request, time)) {
          meant = true;
          if (rule.strikes(random)) {
            struck.add(rule.strike());
          }
          if (group.apply() == Policy.Apply.FIRST) {
            break;
          }
        }
      }
      if (meant) {
        return List.copyOf(struck);
      }
    }
    return List.of();
  }
}
