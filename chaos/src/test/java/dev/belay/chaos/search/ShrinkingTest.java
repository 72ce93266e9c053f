package dev.belay.chaos.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ShrinkingTest {
  private static final Fault A = Fault.at(new Edge("x", "a"), new Effect.Abort(503));
  private static final Fault B = Fault.at(new Edge("x", "b"), new Effect.Reset());
  private static final Fault SLOW =
      Fault.at(new Edge("x", "c"), new Effect.Delay(Duration.ofSeconds(3)));

  private int runs;

  private Shrinking shrink(FaultPlan plan, Optional<FaultPlan> guess, Predicate<FaultPlan> shows) {
    Shrinking shrinking =
        new Shrinking(
            "it fails", plan, 1, guess, none -> Shrinking.Memory.NONE, FaultSpace.Kinds.DEFAULT);
    runs = 0;
    for (Optional<FaultPlan> next = shrinking.next(); next.isPresent(); next = shrinking.next()) {
      runs++;
      assertThat(runs).as("it ends").isLessThan(200);
      shrinking.saw(shows.test(next.get()));
    }
    return shrinking;
  }

  private static boolean has(FaultPlan plan, Fault fault) {
    return plan.faults().stream().anyMatch(one -> one.edge().equals(fault.edge()));
  }

  private static long delay(FaultPlan plan) {
    return plan.faults().stream().mapToLong(Faults::delayMillis).max().orElse(0);
  }

  @Test
  void threeFaultsThatAreAllNeededTakeFourRunsAndTwoToBeSure() {
    FaultPlan plan = FaultPlan.of(A, B, Fault.at(new Edge("x", "d"), new Effect.Abort(500)));

    Shrinking done = shrink(plan, Optional.empty(), one -> one.size() == 3);

    assertThat(done.best()).isEqualTo(plan);
    assertThat(runs).isEqualTo(4 + 2);
  }

  @Test
  void whatIsNotNeededIsTakenAwayAndWhatIsSlowBecomesAsFastAsItMay() {
    Shrinking done =
        shrink(
            FaultPlan.of(A, B, SLOW),
            Optional.empty(),
            plan -> has(plan, A) && delay(plan) >= 1_200);

    assertThat(done.best().size()).isEqualTo(2);
    assertThat(delay(done.best())).isBetween(1_200L, 1_600L);
    assertThat(runs).isLessThanOrEqualTo(12);
    Defect.Minimal minimal = done.defect().minimal().orElseThrow();
    assertThat(minimal.plan()).isEqualTo(done.best());
    assertThat(minimal.odds().share()).isEqualTo(1);
  }

  @Test
  void aGuessThatHoldsSavesTheRest() {
    Shrinking done =
        shrink(FaultPlan.of(A, B, SLOW), Optional.of(FaultPlan.of(A)), plan -> has(plan, A));

    assertThat(done.best()).isEqualTo(FaultPlan.of(A));
    assertThat(runs).isEqualTo(1 + 3);
  }

  @Test
  void aGuessThatDoesNotHoldCostsOneRun() {
    Shrinking done =
        shrink(
            FaultPlan.of(A, B), Optional.of(FaultPlan.of(A)), plan -> has(plan, A) && has(plan, B));

    assertThat(done.best()).isEqualTo(FaultPlan.of(A, B));
    assertThat(runs).isEqualTo(4 + 2);
  }

  @Test
  void whatStrikesTheSecondCallIsTriedAtTheFirst() {
    Fault later = Faults.fromSecond(A);

    assertThat(shrink(FaultPlan.of(later), Optional.empty(), plan -> true).best())
        .isEqualTo(FaultPlan.of(A));
    assertThat(
            shrink(
                    FaultPlan.of(later),
                    Optional.empty(),
                    plan -> plan.faults().getFirst().hits().skip() == 1)
                .best())
        .isEqualTo(FaultPlan.of(later));
  }

  @Test
  void whatShowsOnceInManyIsDropped() {
    Shrinking blip = shrink(FaultPlan.of(A, B), Optional.empty(), plan -> false);

    assertThat(blip.stage()).isEqualTo(Shrinking.Stage.BLIP);
    assertThat(blip.isConfirmed()).isFalse();
    assertThat(runs).isEqualTo(7);
  }

  @Test
  void whatShowsInThreeOfTenIsBoiledDownAllTheSame() {
    SplittableRandom random = new SplittableRandom(3);
    int right = 0;
    int confirmed = 0;
    for (int i = 0; i < 200; i++) {
      Shrinking done =
          shrink(
              FaultPlan.of(A, B, SLOW),
              Optional.empty(),
              plan -> has(plan, B) && random.nextDouble() < 0.3);
      if (done.isConfirmed()) {
        confirmed++;
        right += done.best().equals(FaultPlan.of(B)) ? 1 : 0;
        Defect.Odds odds = done.odds();
        assertThat(odds.low()).isLessThanOrEqualTo(odds.high());
      }
    }
    assertThat(confirmed).isGreaterThan(150);
    assertThat((double) right / confirmed).isGreaterThan(0.9);
  }

  @Test
  void whatWasTakenOnTrustIsLookedAtInTheEnd() {
    Shrinking shrinking =
        new Shrinking(
            "it fails",
            FaultPlan.of(A, B),
            1,
            Optional.empty(),
            plan -> Shrinking.Memory.SHOULD_HOLD,
            FaultSpace.Kinds.DEFAULT);
    List<FaultPlan> asked = new java.util.ArrayList<>();
    for (Optional<FaultPlan> next = shrinking.next(); next.isPresent(); next = shrinking.next()) {
      asked.add(next.get());
      shrinking.saw(has(next.get(), A));
    }

    assertThat(asked)
        .startsWith(FaultPlan.of(A, B))
        .contains(FaultPlan.of(B), FaultPlan.of(A))
        .endsWith(FaultPlan.of(A));
    assertThat(shrinking.best()).isEqualTo(FaultPlan.of(A));
  }

  private static final FaultSpace.Kinds TIMED =
      FaultSpace.Kinds.DEFAULT
          .withPercentages(List.of(100, 60, 30, 10))
          .withStartDelays(Duration.ofMillis(10), Duration.ofSeconds(1));

  private static Shrinking timed(Fault fault, Predicate<Fault> shows) {
    Shrinking shrinking =
        new Shrinking(
            "it fails",
            FaultPlan.of(fault),
            1,
            Optional.empty(),
            none -> Shrinking.Memory.NONE,
            TIMED);
    for (int i = 0; i < 200 && shrinking.next().isPresent(); i++) {
      shrinking.saw(shows.test(shrinking.next().get().faults().getFirst()));
    }
    assertThat(shrinking.next()).isEmpty();
    return shrinking;
  }

  private static Fault best(Shrinking shrinking) {
    return shrinking.best().faults().getFirst();
  }

  @Test
  void whatStrikesMoreThanItMustStrikesLess() {
    assertThat(best(timed(A, fault -> fault.percentage() >= 25)).percentage()).isEqualTo(30);
    assertThat(best(timed(A, fault -> fault.percentage() >= 61)).percentage()).isEqualTo(100);
    assertThat(best(timed(A, fault -> true)).percentage()).isEqualTo(10);
  }

  private static int trials(FaultPlan plan, FaultSpace.Kinds kinds, Predicate<FaultPlan> shows) {
    Shrinking shrinking =
        new Shrinking("it fails", plan, 1, Optional.empty(), none -> Shrinking.Memory.NONE, kinds);
    int trials = 0;
    while (shrinking.next().isPresent()) {
      trials++;
      shrinking.saw(shows.test(shrinking.next().get()));
    }
    assertThat(shows.test(shrinking.best())).isTrue();
    return trials;
  }

  @Test
  void theSmallestPercentageIsFoundByHalvesAndNotStepByStep() {
    FaultSpace.Kinds many =
        FaultSpace.Kinds.DEFAULT.withPercentages(
            java.util.stream.IntStream.rangeClosed(70, 100).boxed().toList());
    FaultPlan[] weakest = {FaultPlan.of(A)};

    int trials =
        trials(
            FaultPlan.of(A),
            many,
            plan -> {
              boolean shows = plan.faults().getFirst().percentage() >= 72;
              weakest[0] = shows ? plan : weakest[0];
              return shows;
            });

    assertThat(weakest[0].faults().getFirst().percentage()).isEqualTo(72);
    assertThat(trials).isLessThan(20);
  }

  @Test
  void aPlanIsInForceForNoLongerThanItMust() {
    FaultSpace.Kinds lives = FaultSpace.Kinds.DEFAULT.withLivesFrom(Duration.ofMillis(500));
    FaultPlan minute = new FaultPlan(List.of(A), Duration.ofMinutes(1));
    for (int least : new int[] {1, 2, 7, 30, 60}) {
      Duration[] shortest = {minute.life()};

      int trials =
          trials(
              minute,
              lives,
              plan -> {
                boolean shows = plan.life().toSeconds() >= least;
                shortest[0] = shows ? plan.life() : shortest[0];
                return shows;
              });

      assertThat(shortest[0].toSeconds()).isBetween((long) least, (long) (least * 1.3));
      assertThat(trials).isLessThanOrEqualTo(12);
    }
  }

  @Test
  void thatLifeEndsAfterAllOfItsFaultsHaveBegun() {
    Fault late = A.withStartDelay(Duration.ofMillis(2_500));
    FaultPlan minute = new FaultPlan(List.of(late), Duration.ofMinutes(1));
    FaultSpace.Kinds lives = FaultSpace.Kinds.DEFAULT.withLivesFrom(Duration.ofSeconds(1));

    int unused =
        trials(
            minute, lives, plan -> plan.faults().getFirst().startDelay().equals(late.startDelay()));
  }

  @Test
  void whatStrikesLaterThanItMustStrikesEarlier() {
    Fault late = A.withStartDelay(Duration.ofMillis(900));

    assertThat(best(timed(late, fault -> true)).startDelay()).isZero();
    assertThat(best(timed(late, fault -> fault.startDelay().toMillis() >= 120)).startDelay())
        .isBetween(Duration.ofMillis(120), Duration.ofMillis(160));
  }

  @Test
  void allWaysOfBeingWeakerAreTriedOneAfterTheOther() {
    Fault strong = SLOW.withStartDelay(Duration.ofMillis(400));

    Fault weak =
        best(timed(strong, fault -> fault.percentage() >= 60 && Faults.delayMillis(fault) >= 500));

    assertThat(weak.startDelay()).isZero();
    assertThat(weak.percentage()).isEqualTo(60);
    assertThat(Faults.delayMillis(weak)).isBetween(500L, 650L);
  }

  @Test
  void whatShowsAsSeldomAsItStrikesIsStillBoiledDown() {
    SplittableRandom random = new SplittableRandom(4);

    Shrinking done = timed(A, fault -> random.nextInt(100) < fault.percentage());

    assertThat(best(done).percentage()).isLessThan(100);
    assertThat(done.defect().minimal().orElseThrow().odds().hits()).isPositive();
  }
}
