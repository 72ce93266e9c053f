package dev.belay.chaos.propose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.SearchSpace;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BanditTest {
  private static final SearchSpace SPACE = SearchSpace.of(Dimension.Real.of("x", 0, 1));
  private static final Set<Arm> ELSEWHERE = EnumSet.of(Arm.COVER, Arm.RANDOM);
  private static final int DRAWS = 20_000;

  /** Covering trials that read nothing, then one of an arm with that score. */
  private static Bandit bandit(Arm last, double score, boolean sparse) {
    List<Tried> history = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      history.add(tried(i, Arm.COVER, 0));
    }
    history.add(tried(20, last, score));
    return new Bandit(new Study(SPACE, history), sparse, 7);
  }

  private static Tried tried(int number, Arm arm, double score) {
    return new Tried(
        SPACE.chart().point(new double[] {number / 30.0}),
        new Outcome.Scored(score),
        arm.label(),
        1);
  }

  /** How often one of some arms is chosen. */
  private static double share(Bandit bandit, Set<Arm> arms) {
    SplittableRandom random = new SplittableRandom(3);
    int chosen = 0;
    for (int i = 0; i < DRAWS; i++) {
      chosen += arms.contains(bandit.choose(Set.of(), random)) ? 1 : 0;
    }
    return (double) chosen / DRAWS;
  }

  @Test
  void halfLookElsewhereOnceAFailureIsKnown() {
    assertThat(share(bandit(Arm.COVER, 8, true), ELSEWHERE)).isCloseTo(0.5, within(0.02));
    assertThat(share(bandit(Arm.COVER, 6, true), ELSEWHERE)).isLessThan(0.25);
  }

  @Test
  void landscapesHaveNoFailuresToTurnAwayFrom() {
    assertThat(share(bandit(Arm.CLIMB, 8, false), ELSEWHERE)).isCloseTo(0.08, within(0.02));
  }

  @Test
  void whatEarnedIsUsedMoreOften() {
    double before = share(bandit(Arm.JOINT, 0, true), Set.of(Arm.JOINT));
    double after = share(bandit(Arm.JOINT, 5, true), Set.of(Arm.JOINT));

    assertThat(after).isGreaterThan(1.4 * before);
  }

  @Test
  void whatIsLeftIsChosenHoweverSmallItsShare() {
    Bandit bandit = bandit(Arm.CLIMB, 5, false);
    SplittableRandom random = new SplittableRandom(1);
    for (Arm arm : Arm.values()) {
      assertThat(bandit.choose(EnumSet.complementOf(EnumSet.of(arm)), random)).isEqualTo(arm);
    }
    assertThat(bandit.choose(EnumSet.allOf(Arm.class), random)).isEqualTo(Arm.RANDOM);
  }

  @Test
  void sharesAreDrawnByTheirSize() {
    double[] shares = {0, 3, 0, 1, 0};
    int[] drawn = new int[shares.length];
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < DRAWS; i++) {
      drawn[Roulette.spin(shares, random)]++;
    }

    assertThat(drawn[1]).isCloseTo(DRAWS * 3 / 4, within(DRAWS / 50));
    assertThat(drawn[1] + drawn[3]).isEqualTo(DRAWS);
    assertThat(Roulette.spin(new double[2], random)).isZero();
  }
}
