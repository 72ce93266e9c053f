package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.EndpointHistory;
import dev.belay.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightedTest {
  private final VirtualTime time = new VirtualTime();

  private Endpoint weighing(double weight, String name) {
    return EndpointHistory.endpoint(name, Endpoint.Traits.NONE.withWeight(weight), time);
  }

  @Test
  void takesEachAsOftenAsItWeighs() {
    var candidates = List.of(weighing(1, "a"), weighing(2, "b"), weighing(7, "c"));

    var counts = Choices.count(10_000, new Weighted(Choices.seeded()), candidates, Call.DEFAULT);

    assertThat(counts.get("a")).isBetween(900, 1_100);
    assertThat(counts.get("b")).isBetween(1_850, 2_150);
    assertThat(counts.get("c")).isBetween(6_800, 7_200);
  }

  @Test
  void goesBySuccessRateWhenNoWeightSaysMoreThanAnother() {
    Endpoint good = weighing(1, "good");
    Endpoint half = weighing(1, "half");
    Endpoint dead = weighing(1, "dead");
    EndpointHistory.succeed(good, 50, Duration.ZERO);
    EndpointHistory.succeed(half, 50, Duration.ZERO);
    EndpointHistory.fail(half, 50, Duration.ZERO);
    EndpointHistory.fail(dead, 50, Duration.ZERO);

    var counts =
        Choices.count(
            16_000, new Weighted(Choices.seeded()), List.of(good, half, dead), Call.DEFAULT);

    assertThat(counts.get("good")).isBetween(9_700, 10_300);
    assertThat(counts.get("half")).isBetween(4_750, 5_250);
    assertThat(counts.get("dead")).isBetween(850, 1_150);
  }

  @Test
  void hardlyEverTakesWhatWeighsNextToNothing() {
    var candidates = List.of(weighing(1e-9, "feather"), weighing(1e6, "anvil"));

    assertThat(Choices.count(1_000, new Weighted(), candidates, Call.DEFAULT))
        .containsEntry("feather", 0);
  }
}
