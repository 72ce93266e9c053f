package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.belay.Call;
import dev.belay.Cases;
import dev.belay.Endpoint;
import dev.belay.EndpointHistory;
import dev.belay.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BestRecentTest {
  private final VirtualTime time = new VirtualTime();
  private final BestRecent selection = new BestRecent(0, Choices.seeded());
  private final List<Endpoint> candidates = Choices.endpoints(3, time);

  /** 100 attempts, some of which fail. */
  private void past(int index, int successes, int millis) {
    Endpoint endpoint = candidates.get(index);
    EndpointHistory.fail(endpoint, 100 - successes, Duration.ofMillis(millis));
    EndpointHistory.succeed(endpoint, successes, Duration.ofMillis(millis));
  }

  private Endpoint select() {
    return selection.select(candidates, Call.DEFAULT);
  }

  @Test
  void prefersWhatSucceedsMore() {
    past(0, 60, 100);
    past(1, 95, 100);
    past(2, 80, 100);

    assertThat(select()).hasToString("e1");
  }

  @Test
  void prefersTheFasterOfEquals() {
    past(0, 90, 300);
    past(1, 90, 200);
    past(2, 90, 100);

    assertThat(select()).hasToString("e2");
  }

  @Test
  void weighsSuccessAboveSpeed() {
    past(0, 50, 10);
    past(1, 100, 500);
    past(2, 50, 10);

    assertThat(select()).hasToString("e1");
  }

  @Test
  void pushesDownWhatIsBusy() {
    past(0, 95, 100);
    past(1, 90, 100);
    past(2, 50, 100);
    EndpointHistory.start(candidates.get(0), 10);

    assertThat(select()).hasToString("e1");
  }

  @Test
  void drawsAmongEquals() {
    assertThat(Choices.count(3_000, selection, candidates, Call.DEFAULT).values())
        .allSatisfy(count -> assertThat(count).isBetween(900, 1_100));
  }

  @Test
  void takesANewOneForNeitherTheBestNorTheWorst() {
    past(0, 95, 100);
    past(1, 60, 300);

    assertThat(select()).hasToString("e0");
    EndpointHistory.start(candidates.get(0), 30);
    assertThat(select()).hasToString("e2");
  }

  @Test
  void takesARecoveredOneForAsGoodAsNew() {
    past(0, 95, 100);
    past(1, 60, 300);
    past(2, 10, 900);
    EndpointHistory.recover(candidates.get(2));

    assertThat(select()).hasToString("e0");
    EndpointHistory.start(candidates.get(0), 30);
    assertThat(select()).hasToString("e2");
  }

  @Test
  void exploresNowAndThen() {
    past(0, 95, 100);
    past(1, 60, 100);
    past(2, 60, 100);

    var counts = Choices.count(30_000, new BestRecent(Choices.seeded()), candidates, Call.DEFAULT);

    // a third of 5 % each
    assertThat(counts.get("e1")).isBetween(420, 580);
    assertThat(counts.get("e2")).isBetween(420, 580);
  }

  @Test
  void needsNoRandomnessOfOurs() {
    assertThat(candidates).contains(new BestRecent().select(candidates, Call.DEFAULT));
  }

  @Test
  void takesTheOnlyOne() {
    List<Endpoint> only = candidates.subList(2, 3);

    assertThat(selection.select(only, Call.DEFAULT)).hasToString("e2");
  }

  @Test
  void rejectsSharesOutOfRange() {
    assertThatThrownBy(() -> new BestRecent(1.1, Choices.seeded()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("exploration must be 0 to 1, was 1.1");
    assertThatThrownBy(() -> new BestRecent(-0.1, Choices.seeded()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Nested
  class InARegion {
    private final Endpoint near = Choices.in("", "US-EAST", "near", time);
    private final Endpoint nearToo = Choices.in("", "us-east", "near too", time);
    private final Endpoint far = Choices.in("", "EU-WEST", "far", time);
    private final List<Endpoint> all = List.of(far, near, nearToo);
    private final Call call = Call.DEFAULT.withRegion("US-EAST");

    @Test
    void prefersAPoorNearOneToAGoodFarOne() {
      EndpointHistory.succeed(far, 100, Duration.ofMillis(1));
      EndpointHistory.fail(near, 40, Duration.ofMillis(500));
      EndpointHistory.succeed(near, 60, Duration.ofMillis(500));
      EndpointHistory.fail(nearToo, 100, Duration.ofMillis(500));

      assertThat(selection.select(all, call)).isSameAs(near);
    }

    @Test
    void takesTheRestIfNoneIsNear() {
      assertThat(selection.select(List.of(far), call)).isSameAs(far);
    }

    @Test
    void probesANearOneBeforeAFarOne() {
      nearToo.breaker().trip();
      far.breaker().trip();
      time.advance(Duration.ofSeconds(31));

      assertThat(selection.select(all, call)).isSameAs(nearToo);
    }
  }

  @Nested
  class InACountry {
    private final Endpoint american = Choices.in("US", "EAST", "american", time);
    private final Endpoint german = Choices.in("DE", "EAST", "german", time);
    private final Endpoint western = Choices.in("de", "WEST", "western", time);
    private final List<Endpoint> all = List.of(american, german, western);

    @Test
    void prefersAPoorOneAtHomeToAGoodOneAbroad() {
      EndpointHistory.succeed(american, 100, Duration.ofMillis(1));
      EndpointHistory.fail(german, 100, Duration.ofMillis(500));
      EndpointHistory.fail(western, 40, Duration.ofMillis(500));
      EndpointHistory.succeed(western, 60, Duration.ofMillis(500));

      assertThat(selection.select(all, Call.DEFAULT.withCountry("DE"))).isSameAs(western);
    }

    @Test
    void looksForTheRegionWithinTheCountry() {
      Call call = Call.DEFAULT.withCountry("DE").withRegion("EAST");

      assertThat(selection.select(all, call)).isSameAs(german);
    }

    @Test
    void takesTheRestIfNoneIsThere() {
      Call call = Call.DEFAULT.withCountry("FR");

      assertThat(selection.select(List.of(american), call)).isSameAs(american);
    }
  }

  @Nested
  class WhenAProbeIsDue {

    @Test
    void sendsItFirst() {
      past(0, 100, 1);
      past(1, 0, 900);
      candidates.get(1).breaker().trip();
      time.advance(Duration.ofSeconds(31));

      assertThat(Choices.count(50, selection, candidates, Call.DEFAULT)).containsEntry("e1", 50);
    }

    @Test
    void sendsNothingMoreWhileAllProbesAreOut() {
      past(0, 100, 1);
      past(1, 0, 900);
      candidates.get(1).breaker().trip();
      time.advance(Duration.ofSeconds(31));
      assertThat(candidates.get(1).breaker().tryAcquire().isGranted()).isTrue();

      assertThat(Choices.count(50, selection, candidates, Call.DEFAULT)).containsEntry("e1", 0);
    }

    @Test
    void treatsAHeldBreakerLikeAClosedOne() {
      past(0, 100, 1);
      past(1, 0, 900);
      past(2, 0, 900);
      candidates.get(1).breaker().holdClosed();

      assertThat(select()).hasToString("e0");
    }

    @Test
    void findsItInALargePoolAfterAFewChoices() {
      List<Endpoint> many = Choices.endpoints(500, time);
      many.get(437).breaker().trip();
      time.advance(Duration.ofSeconds(31));

      assertThat(Choices.count(4, selection, many, Call.DEFAULT).get("e437")).isPositive();
    }
  }

  private record Past(List<int[]> attempts) {}

  @Test
  void neverPutsANewOneFirstOrLast() {
    Cases.check(
        300,
        BestRecentTest::anyPast,
        past -> {
          List<Endpoint> known = Choices.endpoints(past.attempts().size(), time);
          for (int i = 0; i < known.size(); i++) {
            int[] one = past.attempts().get(i);
            EndpointHistory.fail(known.get(i), one[0], Duration.ofMillis(one[2]));
            EndpointHistory.succeed(known.get(i), one[1], Duration.ofMillis(one[2]));
          }
          List<Endpoint> all = new ArrayList<>(known);
          all.add(EndpointHistory.endpoint("new", time));
          var records = Records.of(all);
          var averages = Averages.of(records);

          double[] scores = new double[known.size()];
          for (int i = 0; i < scores.length; i++) {
            scores[i] = averages.score(records[i]);
          }
          double fresh = averages.score(records[scores.length]);

          assertThat(fresh).isLessThanOrEqualTo(max(scores) + 1e-9);
          assertThat(fresh).isGreaterThanOrEqualTo(min(scores) - 1e-9);
        });
  }

  private static double max(double... scores) {
    double max = scores[0];
    for (double score : scores) {
      max = Math.max(max, score);
    }
    return max;
  }

  private static double min(double... scores) {
    double min = scores[0];
    for (double score : scores) {
      min = Math.min(min, score);
    }
    return min;
  }

  private static Past anyPast(RandomGenerator random) {
    List<int[]> attempts = new ArrayList<>();
    int count = 2 + random.nextInt(8);
    for (int i = 0; i < count; i++) {
      attempts.add(
          new int[] {random.nextInt(50), 1 + random.nextInt(50), 1 + random.nextInt(1_000)});
    }
    return new Past(attempts);
  }

  @Test
  void scoresByTheFormula() {
    past(0, 100, 100);
    past(1, 50, 200);
    var records = Records.of(candidates.subList(0, 2));
    var averages = Averages.of(records);

    // the prior of 5 attempts moves the rate from 1 to 103.75 / 105 and the mean to 102.4 ms
    assertThat(averages.score(records[0]))
        .isCloseTo(0.7 * 103.75 / 105 + 0.3 * (1 - 102.381 / 200), within(1e-5));
  }
}
