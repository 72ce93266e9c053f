package dev.belay.chaos.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SurrogateTest {
  private static final FaultSpace SPACE =
      new FaultSpace(Tries.edges(8), FaultSpace.Kinds.DEFAULT, 3);
  private static final Edge ONE = SPACE.edges().get(2);
  private static final Edge OTHER = SPACE.edges().get(5);
  private static final int BUDGET = 200;

  /** Two waits of about 1.1 s and 0.7 s together are too much; the nearer to it, the worse. */
  private static double badness(FaultPlan plan) {
    double near = near(plan, ONE, 1_100) * near(plan, OTHER, 700);
    return near > 0.8 ? 10 : 6.5 * near;
  }

  private static double near(FaultPlan plan, Edge edge, long millis) {
    return plan.faults().stream()
        .filter(fault -> fault.edge().equals(edge))
        .mapToLong(Faults::delayMillis)
        .filter(delay -> delay > 0)
        .mapToDouble(delay -> Math.exp(-Math.abs(delay - millis) / 800.0))
        .max()
        .orElse(0.1);
  }

  /** In which trial it showed; more than the budget if it did not. */
  private static int trials(boolean byChance, long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    Knowledge known = Tries.knowing(SPACE);
    Surrogate surrogate = new Surrogate();
    for (int trial = 1; trial <= BUDGET; trial++) {
      FaultPlan plan =
          byChance
              ? SPACE.any(random)
              : surrogate.propose(known, random).orElseGet(() -> SPACE.any(random));
      double score = badness(plan);
      if (score >= Signature.FAILURE) {
        return trial;
      }
      known.learn(Tries.tried(plan, score));
    }
    return BUDGET + 1;
  }

  @Test
  void findsTwoWaitsThatAreTooMuchTogetherWhereChanceDoesNot() {
    int found = 0;
    int byChance = 0;
    for (int seed = 0; seed < 10; seed++) {
      found += trials(false, seed) <= BUDGET ? 1 : 0;
      byChance += trials(true, seed) <= BUDGET ? 1 : 0;
    }

    assertThat(found).isGreaterThanOrEqualTo(7);
    assertThat(byChance).isLessThanOrEqualTo(2);
  }

  private static Knowledge some(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    Knowledge known = Tries.knowing(SPACE);
    for (int i = 0; i < 40; i++) {
      FaultPlan plan = SPACE.any(random);
      known.learn(Tries.tried(plan, badness(plan)));
    }
    return known;
  }

  private static List<FaultPlan> asked(Knowledge known, long seed) {
    Surrogate surrogate = new Surrogate();
    RandomGenerator random = new SplittableRandom(seed);
    List<FaultPlan> plans = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      surrogate.propose(known, random).ifPresent(plans::add);
    }
    return plans;
  }

  @Test
  void theSameTrialsAndTheSameSeedGiveTheSamePlans() {
    Cases.check(
        5,
        RandomGenerator::nextLong,
        seed -> {
          assertThat(asked(some(seed), seed)).hasSize(4).isEqualTo(asked(some(seed), seed));
        });
  }

  @Test
  void asksForNothingThatIsKnown() {
    Cases.check(
        10,
        RandomGenerator::nextLong,
        seed -> {
          Knowledge known = some(seed);
          FaultPlan failing = FaultPlan.of(known.tried().getFirst().plan().faults().getFirst());
          known.fails(failing, failing);
          for (FaultPlan plan : asked(known, seed)) {
            assertThat(plan.size()).isBetween(1, 3);
            assertThat(known.isPointless(plan)).isFalse();
            assertThat(known.held(plan)).isFalse();
            assertThat(known.isKnownToFail(plan)).isFalse();
          }
        });
  }

  @Test
  void saysNothingBeforeThereIsAnythingToLearnFrom() {
    assertThat(new Surrogate().propose(Tries.knowing(SPACE), new SplittableRandom(1)))
        .isEqualTo(Optional.empty());
  }

  @Test
  void aRowTellsWhatIsDoneToEachCallAndHowMuch() {
    PlanRow rows = new PlanRow(SPACE);
    Fault wait =
        Fault.at(ONE, new dev.belay.chaos.Effect.Delay(java.time.Duration.ofMillis(1_234)));

    double[] none = rows.of(FaultPlan.NONE);
    double[] row = rows.of(FaultPlan.of(wait));

    assertThat(none).hasSize(8 * 2 + 1).containsOnly(0);
    assertThat(row[2 * 2]).isEqualTo(1);
    assertThat(row[2 * 2 + 1]).isEqualTo(1_234);
    assertThat(row[16]).isEqualTo(1);
    assertThat(rows.levels()).hasSize(17);
  }

  @Test
  void aRowTellsWhenAndHowOftenWhereThatDiffers() {
    FaultSpace timed =
        new FaultSpace(
            SPACE.edges(), FaultSpace.Kinds.DEFAULT.withPercentages(List.of(100, 50)), 3);
    Fault some =
        Fault.at(ONE, new dev.belay.chaos.Effect.Reset())
            .withPercentage(50)
            .withStartDelay(java.time.Duration.ofMillis(70));

    double[] row = new PlanRow(timed).of(FaultPlan.of(some));

    assertThat(row).hasSize(8 * 4 + 1).contains(50, 70);
  }
}
