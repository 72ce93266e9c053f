package dev.belay.chaos.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Match;
import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.SearchSpace;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShortLivedTest {
  private static final Duration BRIEF = Duration.ofSeconds(20);
  private static final BlastRadius GUARD =
      new BlastRadius(
          Set.of(),
          1,
          new BlastRadius.Limits(50, Duration.ofSeconds(1), BRIEF),
          List.of(),
          List.of());

  private static Fault fault(String callee) {
    return Fault.at(new Edge("web", callee), new Effect.Reset()).withPercentage(50);
  }

  private static Beginning.Past past(Fault... faults) {
    return new Beginning.Past("it broke", FaultPlan.of(faults), new Defect.Odds(1, 1), "");
  }

  @Test
  void plansStayInForceNoLongerThanTheGuardAllows() {
    Beginning beginning = new Beginning(List.of(past(fault("cart"))), true);
    HybridSearch whole = new HybridSearch(beginning.space(), List.of(), 1, beginning);
    ShortLived search = new ShortLived(whole, BRIEF);

    FaultPlan plan = search.next().orElseThrow().plan();

    assertThat(plan.faults()).containsExactly(fault("cart"));
    assertThat(plan.life()).isEqualTo(BRIEF);
    assertThat(GUARD.refusal(plan)).isEmpty();
  }

  @Test
  void aSearchBeginsWithNothingThatTheGuardOfNowRefuses() {
    Beginning.Past one = past(fault("cart"));
    Beginning.Past two = past(fault("cart"), fault("tax"));

    assertThat(new Beginning(List.of(two, one), false).within(GUARD).plans()).containsExactly(one);
    Beginning.Past late =
        past(
            new Fault(
                new Edge("web", "cart"), new Effect.Reset(), Match.ALL, 50, BRIEF, Fault.Hits.ALL));
    assertThat(new Beginning(List.of(late), false).within(GUARD).plans()).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Beginning(List.of(two), true).within(GUARD))
        .withMessageContaining("2 faults together are more than max_faults 1");
  }

  @Test
  void aSpaceThatReachesBeyondTheGuardIsRefusedBeforeAnythingIsTried() {
    SearchSpace wide =
        SearchSpace.of(
            Dimension.Categorical.of("fault_type", "delay"),
            Dimension.Whole.of("delay_ms", 1, 1_500),
            Dimension.Whole.of("percentage", 1, 50),
            Dimension.Whole.of("duration_ms", 1_000, 20_000));
    SearchSpace narrow =
        SearchSpace.of(
            Dimension.Categorical.of("fault_type", "delay"),
            Dimension.Whole.of("delay_ms", 1, 1_000),
            Dimension.Whole.of("percentage", 1, 50),
            Dimension.Whole.of("duration_ms", 1_000, 20_000));

    SpaceSearch.checkWithin(narrow, "cart", GUARD);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SpaceSearch.checkWithin(wide, "cart", GUARD))
        .withMessageContaining("is longer than max_delay 1s; narrow the space or widen guard");
  }
}
