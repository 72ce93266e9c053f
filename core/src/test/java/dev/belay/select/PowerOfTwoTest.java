package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.EndpointHistory;
import dev.belay.VirtualTime;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PowerOfTwoTest {
  private final VirtualTime time = new VirtualTime();
  private final PowerOfTwo selection = new PowerOfTwo(Choices.seeded());
  private final List<Endpoint> two = Choices.endpoints(2, time);

  private Endpoint select() {
    return selection.select(two, Call.DEFAULT);
  }

  @Test
  void takesTheFasterOfTwo() {
    EndpointHistory.succeed(two.get(0), 10, Duration.ofMillis(200));
    EndpointHistory.succeed(two.get(1), 10, Duration.ofMillis(100));

    assertThat(Choices.count(50, selection, two, Call.DEFAULT)).containsEntry("e1", 50);
  }

  @Test
  void takesTheSlowerOneWhenTheFasterIsBusy() {
    EndpointHistory.succeed(two.get(0), 10, Duration.ofMillis(200));
    EndpointHistory.succeed(two.get(1), 10, Duration.ofMillis(100));
    EndpointHistory.start(two.get(1), 2);

    assertThat(select()).hasToString("e0");
  }

  @Test
  void isNotTakenInByOneThatFailsFast() {
    EndpointHistory.succeed(two.get(0), 10, Duration.ofMillis(200));
    EndpointHistory.succeed(two.get(1), 5, Duration.ofMillis(1));
    EndpointHistory.fail(two.get(1), 95, Duration.ofMillis(1));

    assertThat(select()).hasToString("e0");
  }

  @Test
  void stillAvoidsItWhenItsLastFailuresAreAWhileAgo() {
    EndpointHistory.fail(two.get(1), 95, Duration.ofMillis(1));
    time.advance(Duration.ofMinutes(3));
    EndpointHistory.succeed(two.get(1), 5, Duration.ofMillis(100));
    EndpointHistory.succeed(two.get(0), 10, Duration.ofMillis(200));

    assertThat(select()).hasToString("e0");
  }

  @Test
  void looksOnlyAtLoadForOneThatIsNew() {
    EndpointHistory.succeed(two.get(0), 10, Duration.ofMillis(200));
    EndpointHistory.start(two.get(1), 1);
    assertThat(select()).hasToString("e0");

    EndpointHistory.start(two.get(0), 2);
    assertThat(select()).hasToString("e1");
  }

  @Test
  void takesEachOfMany() {
    var counts = Choices.count(10_000, selection, Choices.endpoints(10, time), Call.DEFAULT);

    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(880, 1_120));
  }

  @Test
  void neverTakesTheWorstOfMany() {
    List<Endpoint> many = Choices.endpoints(10, time);
    for (int i = 0; i < 10; i++) {
      EndpointHistory.succeed(many.get(i), 10, Duration.ofMillis(10 + i));
    }

    assertThat(Choices.count(1_000, selection, many, Call.DEFAULT)).containsEntry("e9", 0);
  }

  @Test
  void keepsLoadNearlyEven() {
    List<Endpoint> many = Choices.endpoints(20, time);
    for (int i = 0; i < 2_000; i++) {
      EndpointHistory.start(selection.select(many, Call.DEFAULT), 1);
    }

    var loads = many.stream().map(one -> one.stats().inFlight()).toList();
    assertThat(Collections.max(loads) - Collections.min(loads)).isLessThanOrEqualTo(8);
  }

  @Test
  void sendsADueProbeFirst() {
    two.get(1).breaker().trip();
    time.advance(Duration.ofSeconds(31));

    assertThat(Choices.count(20, selection, two, Call.DEFAULT)).containsEntry("e1", 20);
  }

  @Test
  void takesTheOnlyOne() {
    assertThat(new PowerOfTwo().select(two.subList(1, 2), Call.DEFAULT)).hasToString("e1");
  }
}
