package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Call;
import dev.belay.VirtualTime;
import org.junit.jupiter.api.Test;

class RandomChoiceTest {
  private final VirtualTime time = new VirtualTime();

  @Test
  void takesAllEquallyOften() {
    var selection = new RandomChoice(Choices.seeded());

    var counts = Choices.count(10_000, selection, Choices.endpoints(10, time), Call.DEFAULT);

    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(880, 1_120));
  }

  @Test
  void needsNoRandomnessOfOurs() {
    var counts = Choices.count(200, new RandomChoice(), Choices.endpoints(2, time), Call.DEFAULT);

    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isPositive());
  }
}
