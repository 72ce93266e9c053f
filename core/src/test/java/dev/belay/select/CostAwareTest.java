package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.EndpointHistory;
import dev.belay.VirtualTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostAwareTest {
  private final VirtualTime time = new VirtualTime();

  private Endpoint costing(double cost) {
    return EndpointHistory.endpoint("for " + cost, Endpoint.Traits.NONE.withCost(cost), time);
  }

  private CostAware atMost(double maximum) {
    return new CostAware(maximum, Choices.seeded());
  }

  @Test
  void takesTheCheapMoreOften() {
    // weights 10, 1 / 0.2, 1 / 1
    var candidates = List.of(costing(0), costing(0.199), costing(0.999));

    var counts = Choices.count(16_000, atMost(1e9), candidates, Call.DEFAULT);

    assertThat(counts.get("for 0.0")).isBetween(9_750, 10_250);
    assertThat(counts.get("for 0.199")).isBetween(4_750, 5_250);
    assertThat(counts.get("for 0.999")).isBetween(900, 1_100);
  }

  @Test
  void leavesOutWhatIsTooDear() {
    var candidates = List.of(costing(5), costing(2), costing(3));

    assertThat(Choices.count(1_000, atMost(3), candidates, Call.DEFAULT))
        .containsEntry("for 5.0", 0)
        .hasEntrySatisfying("for 3.0", count -> assertThat(count).isPositive());
  }

  @Test
  void takesTheCheapestIfAllAreTooDear() {
    var candidates = List.of(costing(5), costing(4), costing(7));

    assertThat(Choices.count(100, atMost(3), candidates, Call.DEFAULT))
        .containsEntry("for 4.0", 100);
  }

  @Test
  void hasNoMaximumUnlessToldSo() {
    var dear = List.of(costing(1e9));

    assertThat(new CostAware().select(dear, Call.DEFAULT)).isSameAs(dear.getFirst());
  }

  @Test
  void rejectsANegativeMaximum() {
    assertThatThrownBy(() -> atMost(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maximum cost must be 0 or more, was -1.0");
  }
}
