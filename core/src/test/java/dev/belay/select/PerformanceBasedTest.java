package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.EndpointHistory;
import dev.belay.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerformanceBasedTest {
  private final PerformanceBased selection = new PerformanceBased(Choices.seeded());
  private final List<Endpoint> candidates = Choices.endpoints(3, new VirtualTime());

  private void answerIn(int index, int millis) {
    EndpointHistory.succeed(candidates.get(index), 10, Duration.ofMillis(millis));
  }

  @Test
  void takesEachAsOftenAsItIsFast() {
    answerIn(0, 100);
    answerIn(1, 200);
    answerIn(2, 400);

    var counts = Choices.count(7_000, selection, candidates, Call.DEFAULT);

    assertThat(counts.get("e0")).isBetween(3_850, 4_150);
    assertThat(counts.get("e1")).isBetween(1_850, 2_150);
    assertThat(counts.get("e2")).isBetween(900, 1_100);
  }

  @Test
  void triesEachNewOneFiveTimesFirst() {
    answerIn(0, 1);

    for (int i = 0; i < 10; i++) {
      Endpoint chosen = selection.select(candidates, Call.DEFAULT);
      assertThat(chosen).isNotSameAs(candidates.get(0));
      EndpointHistory.succeed(chosen, 1, Duration.ofMillis(50));
    }

    assertThat(candidates.get(1).stats().snapshot().started()).isEqualTo(5);
    assertThat(candidates.get(2).stats().snapshot().started()).isEqualTo(5);
  }

  @Test
  void takesOneThatNeverSucceededForAsSlowAsTheSlowest() {
    answerIn(0, 100);
    answerIn(1, 300);
    EndpointHistory.fail(candidates.get(2), 10, Duration.ofMillis(1));

    var counts = Choices.count(5_000, selection, candidates, Call.DEFAULT);

    assertThat(counts.get("e0")).isBetween(2_850, 3_150);
    assertThat(counts.get("e2")).isBetween(900, 1_100);
  }

  @Test
  void takesAnyIfNoneEverSucceeded() {
    candidates.forEach(one -> EndpointHistory.fail(one, 10, Duration.ofMillis(1)));

    assertThat(Choices.count(3_000, selection, candidates, Call.DEFAULT).values())
        .allSatisfy(count -> assertThat(count).isBetween(900, 1_100));
  }

  @Test
  void isFasterThanTakingTurns() {
    answerIn(0, 100);
    answerIn(1, 200);
    answerIn(2, 300);

    var counts = Choices.count(10_000, new PerformanceBased(), candidates, Call.DEFAULT);

    int millis =
        counts.getOrDefault("e0", 0) * 100
            + counts.getOrDefault("e1", 0) * 200
            + counts.getOrDefault("e2", 0) * 300;
    double mean = millis / 10_000.0;
    assertThat(mean).isLessThan(0.85 * 200);
  }
}
