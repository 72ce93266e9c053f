package dev.belay.chaos.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.chaos.FaultPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CoveringTest {
  /** At each of four calls an error, a long wait or a short one; of all or some; soon or later. */
  private static final FaultSpace SPACE =
      new FaultSpace(
          Tries.edges(4),
          new FaultSpace.Kinds(
                  List.of(503),
                  List.of(Duration.ofMillis(50), Duration.ofSeconds(3)),
                  false,
                  List.of())
              .withPercentages(List.of(100, 50))
              .withStartDelays(Duration.ofMillis(10), Duration.ofMillis(200)),
          3);

  private static final int LEVELS = 3 * 2 * 2;
  private static final int PAIRS = 4 * 3 / 2 * LEVELS * LEVELS;

  private static Set<Set<String>> pairs(FaultPlan plan) {
    Set<Set<String>> pairs = new HashSet<>();
    List<String> levels = new ArrayList<>(Tries.levels(plan, SPACE.kinds()));
    for (String one : levels) {
      for (String other : levels) {
        if (!one.equals(other)) {
          pairs.add(Set.of(one, other));
        }
      }
    }
    return pairs;
  }

  @Test
  void pairsOfEveryLevelAreTogetherSoonerThanByChance() {
    Covering covering = new Covering();
    Knowledge known = Tries.knowing(SPACE);
    SplittableRandom random = new SplittableRandom(3);
    Set<Set<String>> seen = new HashSet<>();
    Set<Set<String>> byChance = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      Optional<FaultPlan> plan = covering.propose(known, random);
      if (plan.isPresent()) {
        seen.addAll(pairs(plan.get()));
        Tried one = Tries.tried(plan.get(), 0);
        known.learn(one);
        covering.learn(one, known);
      }
      byChance.addAll(pairs(SPACE.any(random)));
    }

    assertThat(seen).hasSizeGreaterThan(PAIRS * 9 / 10);
    assertThat(byChance).hasSizeLessThan(PAIRS * 2 / 3);
  }

  @Test
  void noRowIsEmptyOrLargerThanAllowedOrTriedBefore() {
    Cases.check(
        50,
        random -> random,
        random -> {
          Covering covering = new Covering();
          Knowledge known = Tries.knowing(SPACE);
          for (int i = 0; i < 40; i++) {
            covering
                .propose(known, random)
                .ifPresent(plan -> {
                  assertThat(plan.size()).isBetween(1, 3);
                  assertThat(known.isPointless(plan)).isFalse();
                  Tried one = Tries.tried(plan, 0);
                  known.learn(one);
                  covering.learn(one, known);
                });
          }
        });
  }
}
