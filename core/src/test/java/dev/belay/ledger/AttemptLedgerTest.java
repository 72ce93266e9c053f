package dev.belay.ledger;

import static dev.belay.BreakerState.CLOSED;
import static dev.belay.BreakerState.HALF_OPEN;
import static dev.belay.BreakerState.OPEN;
import static dev.belay.Verdict.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.belay.Belay;
import dev.belay.Blame;
import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.EndpointHistory;
import dev.belay.ErrorClass;
import dev.belay.Hint;
import dev.belay.Pool;
import dev.belay.RetryPolicy;
import dev.belay.StopReason;
import dev.belay.Verdict;
import dev.belay.VirtualTime;
import dev.belay.select.RoundRobin;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptLedgerTest {
  private final VirtualTime time = new VirtualTime();
  private final AttemptLedger ledger = new AttemptLedger(time);
  private final Story story = new Story(ledger, time);

  private Totals totals() {
    return ledger.summary(24).totals();
  }

  @Nested
  class WhenNothingHasHappened {
    @Test
    void saysSo() {
      Summary summary = ledger.summary(24);

      assertThat(summary.totals()).isEqualTo(Totals.NONE);
      assertThat(summary.latency()).isEqualTo(Percentiles.NONE);
      assertThat(summary.breakerEvents()).isZero();
      assertThat(summary.totals().successRate()).isEqualTo(1);
      assertThat(summary.totals().averageLatency()).isZero();
      assertThat(summary.totals().requests().successRate()).isEqualTo(1);
      assertThat(ledger.byEndpoint(24).totals()).isEmpty();
      assertThat(ledger.breakerEvents(24).events()).isEmpty();
      assertThat(ledger.byHost(24).totals("host")).isEqualTo(Totals.NONE);
      assertThat(ledger.breakerEvents(24).counts("a")).isEqualTo(BreakerHistory.Counts.NONE);
      assertThat(ledger.hourly()).isEmpty();
    }
  }

  @Nested
  class CountsAttempts {
    @Test
    void bySuccessAtEachAttemptCountedFromZero() {
      story.attempts(850, 1, SUCCESS);
      story.attempts(150, 1, Story.TIMEOUT);
      story.attempts(120, 2, SUCCESS);
      story.attempts(30, 2, Story.TIMEOUT);

      assertThat(totals().successByAttempt()).isEqualTo(Map.of(0, 850L, 1, 120L));
      assertThat(totals().requests().begun()).isEqualTo(1_000);
      assertThat(totals().attempts()).isEqualTo(1_150);
      assertThat(totals().retries()).isEqualTo(150);
      assertThat(totals().successRate()).isCloseTo(970 / 1_150.0, within(1e-9));
    }

    @Test
    void beyondTheTenthAsTheTenth() {
      story.attempts(1, 10, SUCCESS);
      story.attempts(1, 11, SUCCESS);

      assertThat(totals().successByAttempt()).isEqualTo(Map.of(9, 2L));
    }

    @Test
    void byWhatWentWrong() {
      story.attempts(3, 1, Story.TIMEOUT);
      story.attempts(2, 2, Verdict.permanent(ErrorClass.AUTH, Blame.ENDPOINT));
      story.attempts(1, 3, Verdict.throttled(Blame.TARGET, Hint.NONE));

      assertThat(totals().failures())
          .isEqualTo(Map.of(ErrorClass.TIMEOUT, 3L, ErrorClass.AUTH, 2L, ErrorClass.THROTTLED, 1L));
      assertThat(totals().failureCount()).isEqualTo(6);
      assertThat(totals().successCount()).isZero();
    }

    @Test
    void thatCountNeitherWayApart() {
      story.attempts(2, 1, Verdict.IGNORED);
      story.attempts(1, 2, Verdict.CANCELLED);
      story.success();

      assertThat(totals().ignored()).isEqualTo(3);
      assertThat(totals().attempts()).isEqualTo(4);
      assertThat(totals().requests().begun()).isEqualTo(3);
      assertThat(totals().retries()).isEqualTo(1);
      assertThat(totals().failures()).isEmpty();
      assertThat(totals().successRate()).isEqualTo(1);
      assertThat(totals().latency()).isEqualTo(Story.MILLI);
    }

    @Test
    void withTheirTimesAndWaits() {
      Call call = Call.DEFAULT.withTarget("host");
      ledger.attempted(
          call, "default", story.attempt("a", 1, Duration.ZERO), Story.TIMEOUT, 3_000_000);
      ledger.attempted(
          call, "default", story.attempt("b", 2, Duration.ofSeconds(2)), SUCCESS, 1_000_000);

      assertThat(totals().latency()).isEqualTo(Duration.ofMillis(4));
      assertThat(totals().averageLatency()).isEqualTo(Duration.ofMillis(2));
      assertThat(totals().waited()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void onceAndOnceOnlyHoweverOftenAsked() {
      story.attempts(5, 1, SUCCESS);

      for (int i = 0; i < 10; i++) {
        assertThat(totals().attempts()).isEqualTo(5);
        assertThat(ledger.hourly()).hasSize(1);
        time.advance(Duration.ofHours(1));
      }
    }
  }

  @Nested
  class CountsRequests {
    @Test
    void byHowTheyEnded() {
      story.finished("host", "default", StopReason.SUCCESS, 9);
      story.finished("host", "default", StopReason.ATTEMPTS_EXHAUSTED, 2);
      story.finished("host", "default", StopReason.REFUSED, 1);

      assertThat(totals().requests()).isEqualTo(new Requests(0, 9, 3));
      assertThat(totals().requests().successRate()).isEqualTo(0.75);
    }

    @Test
    void butNotThoseThatCountNeitherWay() {
      story.finished("host", "default", StopReason.CANCELLED, 2);
      story.finished("host", "default", StopReason.IGNORED, 2);

      assertThat(totals()).isEqualTo(Totals.NONE);
    }

    @Test
    void byPolicyAndHostToo() {
      story.finished("host", "patient", StopReason.SUCCESS, 1);
      story.finished("", "patient", StopReason.DEADLINE, 1);

      assertThat(ledger.byPolicy(1).totals("patient").requests()).isEqualTo(new Requests(0, 1, 1));
      assertThat(ledger.byHost(1).totals()).containsOnlyKeys("host");
      assertThat(ledger.byHost(1).totals("host").requests()).isEqualTo(new Requests(0, 1, 0));
    }
  }

  @Test
  void countsByEndpointPolicyAndHost() {
    story.attempted("h1", "fast", "a", 1, Story.TIMEOUT);
    story.attempted("h1", "fast", "b", 2, SUCCESS);
    story.attempted("h2", "slow", "b", 1, SUCCESS);
    story.attempted("", "slow", "b", 1, SUCCESS);

    assertThat(ledger.byEndpoint(1).totals()).containsOnlyKeys("a", "b");
    assertThat(ledger.byEndpoint(1).totals("b").attempts()).isEqualTo(3);
    assertThat(ledger.byEndpoint(1).totals("a").failures())
        .isEqualTo(Map.of(ErrorClass.TIMEOUT, 1L));
    assertThat(ledger.byPolicy(1).totals()).containsOnlyKeys("fast", "slow");
    assertThat(ledger.byPolicy(1).totals("fast").retries()).isEqualTo(1);
    assertThat(ledger.byHost(1).totals()).containsOnlyKeys("h1", "h2");
    assertThat(ledger.byHost(1).totals("h1").averageLatency()).isEqualTo(Story.MILLI);
  }

  @Test
  void tellsHowLongMostAttemptsTook() {
    story.tooks(Duration.ofMillis(10), 90);
    story.tooks(Duration.ofMillis(100), 8);
    story.tooks(Duration.ofSeconds(2), 2);

    Percentiles latency = ledger.summary(1).latency();

    assertThat(latency.p50()).isBetween(Duration.ofMillis(10), Duration.ofNanos(12_500_000));
    assertThat(latency.p95()).isBetween(Duration.ofMillis(100), Duration.ofMillis(125));
    assertThat(latency.p99()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2_500));
  }

  @Nested
  class CountsBreakers {
    @Test
    void byEdgesAndOpenings() {
      story.edge("a", CLOSED, OPEN);
      story.edge("a", OPEN, HALF_OPEN);
      story.edge("a", HALF_OPEN, OPEN);
      story.edge("b", CLOSED, OPEN);

      BreakerHistory history = ledger.breakerEvents(24);

      assertThat(history.events()).hasSize(4);
      assertThat(history.events().getFirst().from()).isEqualTo(CLOSED);
      assertThat(history.counts())
          .isEqualTo(
              Map.of("a", new BreakerHistory.Counts(3, 2), "b", new BreakerHistory.Counts(1, 1)));
      assertThat(ledger.summary(24).breakerEvents()).isEqualTo(4);
    }

    @Test
    void evenWhenItKeepsOnlyTheLastThousandEdges() {
      for (int i = 0; i < 1_500; i++) {
        story.edge(i < 600 ? "early" : "late", CLOSED, OPEN);
      }

      BreakerHistory history = ledger.breakerEvents(24);

      assertThat(history.events()).hasSize(1_000);
      assertThat(history.events().getFirst().breaker()).isEqualTo("early");
      assertThat(history.counts("early").openings()).isEqualTo(600);
      assertThat(ledger.summary(24).breakerEvents()).isEqualTo(1_500);
    }

    @Test
    void onlyAsFarBackAsAsked() {
      story.edge("a", CLOSED, OPEN);
      time.advance(Duration.ofHours(3));
      story.edge("a", OPEN, HALF_OPEN);

      assertThat(ledger.breakerEvents(1).events()).hasSize(1);
      assertThat(ledger.breakerEvents(3).events()).hasSize(2);
      assertThat(ledger.summary(1).breakerEvents()).isEqualTo(1);
    }
  }

  @Test
  void hearsOfRealCalls() throws InterruptedException {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String name : List.of("good", "bad")) {
      endpoints.add(EndpointHistory.endpoint(name, time));
    }
    Belay<Endpoint> belay =
        Belay.over(Pool.of("pool", new RoundRobin(), endpoints))
            .policy(RetryPolicy.fastFailover())
            .observer(ledger)
            .time(time)
            .build();

    for (int i = 0; i < 4; i++) {
      belay.<String>call(
          Call.DEFAULT.withTarget("origin"),
          attempt -> {
            time.advance(Duration.ofMillis(20));
            if (attempt.endpoint().name().equals("bad")) {
              throw new IOException("connection reset");
            }
            return "answer";
          });
    }

    assertThat(totals().requests().begun()).isEqualTo(4);
    assertThat(totals().requests().succeeded()).isEqualTo(4);
    assertThat(totals().successCount()).isEqualTo(4);
    assertThat(totals().retries()).isEqualTo(totals().failureCount()).isPositive();
    assertThat(ledger.byEndpoint(1).totals("good").successCount()).isEqualTo(4);
    assertThat(ledger.byPolicy(1).totals()).containsOnlyKeys("fast-failover");
    assertThat(ledger.byHost(1).totals()).containsOnlyKeys("origin");
  }

  @Nested
  class Covers {
    @Test
    void theRunningHourAndThoseAskedFor() {
      time.advance(Duration.ofHours(30).plusMinutes(10));

      Window window = ledger.summary(2).window();

      assertThat(window.from()).isEqualTo(Instant.parse("2026-01-02T04:00:00Z"));
      assertThat(window.to()).isEqualTo(Instant.parse("2026-01-02T06:10:00Z"));
      assertThat(window.hours()).isEqualTo(2);
      assertThat(window.retentionHours()).isEqualTo(24);
      assertThat(window.truncated()).isFalse();
    }

    @Test
    void nothingFromBeforeItWasMade() {
      time.advance(Duration.ofMinutes(90));

      assertThat(ledger.summary(24).window().from())
          .isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void noMoreThanItKeepsAndSaysSo() {
      time.advance(Duration.ofHours(100));

      Window window = ledger.byHost(48).window();

      assertThat(window.truncated()).isTrue();
      assertThat(window.retentionHours()).isEqualTo(24);
      assertThat(window.from()).isEqualTo(Instant.parse("2026-01-04T04:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 169})
    void onlyOneHourToAWeek(int hours) {
      assertThatThrownBy(() -> ledger.summary(hours))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("hours must be 1 to 168, was " + hours);
      assertThatThrownBy(() -> ledger.byEndpoint(hours)).hasMessageContaining("1 to 168");
      assertThatThrownBy(() -> ledger.timeseries(hours, Timeseries.Interval.MINUTE))
          .hasMessageContaining("1 to 168");
    }
  }
}
