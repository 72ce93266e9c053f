package dev.belay.ledger;

import static dev.belay.Verdict.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Attempt;
import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Time;
import dev.belay.ledger.Timeseries.Interval;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class LedgerThreadsTest {
  private static final int THREADS = 8;
  private static final int EACH = 100_000;

  private static void atOnce(int each, IntConsumer work) {
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      for (int t = 0; t < THREADS; t++) {
        threads.execute(() -> {
          for (int i = 0; i < each; i++) {
            work.accept(i);
          }
        });
      }
    }
  }

  @Test
  void loseNoAttempt() {
    Time time = Time.system();
    var ledger = new AttemptLedger(time);
    var story = new Story(ledger, time);
    List<Attempt<Endpoint>> attempts = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      attempts.add(story.attempt("proxy" + i, 1 + i % 2, Duration.ofNanos(3)));
    }
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      calls.add(Call.DEFAULT.withTarget("host" + i));
    }

    atOnce(
        EACH,
        i -> {
          var verdict = i % 5 == 0 ? Story.TIMEOUT : SUCCESS;
          ledger.attempted(calls.get(i % 100), "default", attempts.get(i % 10), verdict, 7);
        });

    long all = (long) THREADS * EACH;
    Totals totals = ledger.summary(24).totals();
    assertThat(totals.attempts()).isEqualTo(all);
    assertThat(totals.requests().begun()).isEqualTo(all / 2);
    assertThat(totals.failureCount()).isEqualTo(all / 5);
    assertThat(totals.latency()).isEqualTo(Duration.ofNanos(7 * all));
    assertThat(totals.waited()).isEqualTo(Duration.ofNanos(3 * all));
    assertThat(ledger.byPolicy(24).totals().get("default")).isEqualTo(totals);
    assertThat(sum(ledger.byEndpoint(24))).isEqualTo(all);
    assertThat(sum(ledger.byHost(24))).isEqualTo(all);
    assertThat(
            ledger.timeseries(24, Interval.MINUTE).points().stream()
                .mapToLong(point -> point.totals().attempts())
                .sum())
        .isEqualTo(all);
  }

  private static long sum(Breakdown breakdown) {
    return breakdown.totals().values().stream().mapToLong(Totals::attempts).sum();
  }

  @Test
  void loseNothingWhenAllCountTheSameCell() {
    var tally = new Tally(0, 2);

    atOnce(EACH, i -> tally.add(1, 3));

    long[] sums = new long[2];
    tally.addTo(sums);
    assertThat(sums).containsExactly(0, 3L * THREADS * EACH);
  }

  @Test
  void loseNothingWhenPeriodsChangeUnderThem() {
    var ring = new Ring(20_000, 1);

    atOnce(EACH, i -> ring.at(i / 10).add(0, 1));

    long[] sums = new long[1];
    ring.addTo(sums, 0, EACH / 10);
    assertThat(sums[0]).isEqualTo((long) THREADS * EACH);
  }

  @Test
  void neverExceedTheNumberOfNames() {
    var keys = new KeySpace(50, 1, 3);

    atOnce(10_000, i -> keys.at("key" + i % 200, 0).add(0, 1));

    var sums = keys.sums(0, 0, cells -> cells[0]);
    assertThat(sums).hasSize(51);
    assertThat(sums.values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(THREADS * 10_000L);
  }

  @Test
  void loseNothingWhenNamesComeAndGo() {
    var keys = new KeySpace(10, 1, 4);
    var turn = new AtomicInteger();
    var sums = new AtomicInteger();

    // each hour has names of its own, so every hour those of long ago have to make room
    for (int hour = 0; hour < 200; hour++) {
      int now = hour;
      atOnce(50, i -> keys.at("key" + (now + turn.incrementAndGet() % 20), now).add(0, 1));
      keys.sums(now, now, cells -> sums.addAndGet((int) cells[0]));
    }

    assertThat(sums.get()).isEqualTo(200 * THREADS * 50);
  }
}
