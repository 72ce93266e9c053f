package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Belay;
import dev.belay.Call;
import dev.belay.CallException;
import dev.belay.Cases;
import dev.belay.Endpoint;
import dev.belay.EndpointHistory;
import dev.belay.Pool;
import dev.belay.Selection;
import dev.belay.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StrategiesTest {
  private final VirtualTime time = new VirtualTime();

  static List<String> names() {
    return Strategies.names();
  }

  @Test
  void knowsEachByItsName() {
    assertThat(Strategies.named("round-robin", time)).isInstanceOf(RoundRobin.class);
    assertThat(Strategies.named("random", time)).isInstanceOf(RandomChoice.class);
    assertThat(Strategies.named("weighted", time)).isInstanceOf(Weighted.class);
    assertThat(Strategies.named("least-used", time)).isInstanceOf(LeastUsed.class);
    assertThat(Strategies.named("performance-based", time)).isInstanceOf(PerformanceBased.class);
    assertThat(Strategies.named("session", time)).isInstanceOf(Session.class);
    assertThat(Strategies.named("session-persistence", time)).isInstanceOf(Session.class);
    assertThat(Strategies.named("geo-targeted", time)).isInstanceOf(Geo.class);
    assertThat(Strategies.named("cost-aware", time)).isInstanceOf(CostAware.class);
    assertThat(Strategies.named("composite", time)).isInstanceOf(Composite.class);
    assertThat(Strategies.named("best-recent", time)).isInstanceOf(BestRecent.class);
    assertThat(Strategies.named("power-of-two", time)).isInstanceOf(PowerOfTwo.class);
  }

  @Test
  void takesUnderscoresForHyphens() {
    assertThat(Strategies.named("power_of_two", time)).isInstanceOf(PowerOfTwo.class);
    assertThat(Strategies.named("session_persistence", time)).isInstanceOf(Session.class);
  }

  @Test
  void listsTheNamesWhenThereIsNone() {
    assertThatThrownBy(() -> Strategies.named("best", time))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was 'best'")
        .hasMessageContaining(String.join(", ", Strategies.names()));
  }

  private record Pick(List<Endpoint> candidates, Call call) {}

  @ParameterizedTest
  @MethodSource("names")
  void alwaysChoosesACandidate(String name) {
    Selection selection = Strategies.named(name, time, Choices.seeded());
    Cases.check(
        200,
        this::anyPick,
        pick ->
            assertThat(pick.candidates())
                .contains(selection.select(pick.candidates(), pick.call())));
  }

  private Pick anyPick(RandomGenerator random) {
    List<String> places = List.of("", "US", "eu", "DE");
    List<Endpoint> candidates = new ArrayList<>();
    int count = 1 + random.nextInt(12);
    for (int i = 0; i < count; i++) {
      var traits =
          new Endpoint.Traits(
              places.get(random.nextInt(4)),
              places.get(random.nextInt(4)),
              Set.of(),
              1e-3 + random.nextDouble(),
              random.nextInt(3),
              100);
      Endpoint endpoint = EndpointHistory.endpoint("e" + random.nextInt(1_000), traits, time);
      EndpointHistory.fail(endpoint, random.nextInt(5), Duration.ofMillis(random.nextInt(99)));
      EndpointHistory.succeed(endpoint, random.nextInt(9), Duration.ofMillis(random.nextInt(99)));
      EndpointHistory.start(endpoint, random.nextInt(3));
      candidates.add(endpoint);
    }
    Call call =
        Call.DEFAULT
            .withSession(random.nextBoolean() ? "" : "s" + random.nextInt(20))
            .withCountry(places.get(random.nextInt(4)))
            .withRegion(places.get(random.nextInt(4)));
    return new Pick(candidates, call);
  }

  @ParameterizedTest
  @MethodSource("names")
  void bringsAPoolThroughFailuresAndRecoveries(String name) throws InterruptedException {
    Selection selection = Strategies.named(name, time, Choices.seeded());
    List<Endpoint> endpoints = Choices.endpoints(4, time);
    var belay = Belay.over(Pool.of("pool", selection, endpoints)).time(time).build();
    Endpoint ill = endpoints.get(1);

    int answered = 0;
    for (int i = 0; i < 300; i++) {
      boolean isIll = i >= 100 && i < 200;
      try {
        belay.call(
            Call.DEFAULT.withSession("s" + i % 10),
            attempt -> {
              time.advance(Duration.ofMillis(20));
              if (isIll && attempt.endpoint().equals(ill)) {
                throw new IOException("connection reset");
              }
              return "answer";
            });
        answered++;
      } catch (CallException failed) {
        // counted by what was answered
      }
      time.advance(Duration.ofSeconds(1));
    }

    assertThat(answered).isEqualTo(300);
  }

  @Test
  void leavesRoomForOnesOfYourOwn() throws InterruptedException {
    List<Endpoint> endpoints =
        List.of(
            EndpointHistory.endpoint("dear", Endpoint.Traits.NONE.withCost(2), time),
            EndpointHistory.endpoint("cheap", Endpoint.Traits.NONE.withCost(1), time));
    var belay = Belay.over(Pool.of("pool", new CheapestFirst(), endpoints)).time(time).build();

    assertThat(belay.<String>call(Call.DEFAULT, attempt -> attempt.endpoint().name()))
        .isEqualTo("cheap");
  }

  /** The example of the package's description. */
  private static final class CheapestFirst implements Selection {
    @Override
    public <E extends Endpoint> E select(List<E> candidates, Call call) {
      return Collections.min(candidates, Comparator.comparingDouble(e -> e.traits().cost()));
    }
  }
}
