package dev.belay.chaos.propose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  private static final SearchSpace SPACE =
      SearchSpace.of(Dimension.Categorical.of("kind", "a", "b", "c"), Dimension.Real.of("x", 0, 1));

  private final Optimizer optimizer = new Optimizer(SPACE, new Portfolio(), 7);

  private static Point point(String kind, double x) {
    return new Point(Map.of("kind", Value.of(kind), "x", Value.of(x)));
  }

  @Test
  void beginsWithThePointsItWasGiven() {
    optimizer.start(List.of(point("a", 0.5), point("b", 0.25)));

    assertThat(optimizer.ask(2))
        .containsExactly(
            new Proposal(point("a", 0.5), "start"), new Proposal(point("b", 0.25), "start"));
  }

  @Test
  void remembersWhichWayATrialCameFrom() {
    Proposal proposal = optimizer.ask();
    optimizer.tell(proposal.point(), 3);

    assertThat(optimizer.history())
        .containsExactly(new Tried(proposal.point(), new Outcome.Scored(3), proposal.arm(), 1));
  }

  @Test
  void holdsTheFirstOfTheBest() {
    assertThat(optimizer.best()).isEmpty();
    optimizer.tell(point("a", 0.1), 3);
    optimizer.tell(point("b", 0.2), 5, 0.5);
    optimizer.tell(point("c", 0.3), 5);
    optimizer.fail(point("c", 0.4));

    assertThat(optimizer.best().orElseThrow().point()).isEqualTo(point("b", 0.2));
  }

  @Test
  void fillsABatchWithDifferentPoints() {
    for (int i = 0; i < 30; i++) {
      optimizer.tell(optimizer.ask().point(), i % 5 == 0 ? i / 4.0 : 0);
    }

    assertThat(optimizer.ask(6)).extracting(Proposal::point).doesNotHaveDuplicates();
  }

  @Test
  void forgetsATrialThatWillNotBeTold() {
    Point point = optimizer.ask().point();
    optimizer.forget(point);
    optimizer.forget(point);

    assertThat(optimizer.history()).isEmpty();
  }

  @Test
  void refusesPointsThatAreNoneOfItsSpace() {
    assertThatThrownBy(() -> optimizer.tell(point("z", 0.5), 1))
        .isInstanceOf(ProposalException.class)
        .hasMessageContaining("kind must be one of [a, b, c], was z");
    assertThatThrownBy(() -> optimizer.fail(point("a", 1.5)))
        .isInstanceOf(ProposalException.class)
        .hasMessageContaining("x must be a number in [0, 1], was 1.5");
    assertThatThrownBy(() -> optimizer.start(List.of(point("z", 0))))
        .isInstanceOf(ProposalException.class);
    assertThatThrownBy(() -> optimizer.tell(point("a", 0.5), Double.NaN))
        .hasMessageContaining("score must be finite");
    assertThatThrownBy(() -> optimizer.tell(point("a", 0.5), 1, 0))
        .hasMessageContaining("weight must be above 0");
    assertThat(optimizer.history()).isEmpty();
  }
}
