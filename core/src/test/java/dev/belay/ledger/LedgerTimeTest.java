package dev.belay.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.BreakerState;
import dev.belay.Cases;
import dev.belay.Time;
import dev.belay.VirtualTime;
import dev.belay.ledger.Timeseries.Interval;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LedgerTimeTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final VirtualTime time = new VirtualTime();
  private final AttemptLedger ledger = new AttemptLedger(time);
  private final Story story = new Story(ledger, time);

  private static List<Long> attempts(Timeseries series) {
    return series.points().stream().map(point -> point.totals().attempts()).toList();
  }

  @Nested
  class ByMinute {
    @Test
    void beginsTheNextOneAtTheFullMinute() {
      time.advance(Duration.ofMinutes(1).minusNanos(1));
      story.success();
      time.advance(Duration.ofNanos(1));
      story.attempts(2, 1, Story.TIMEOUT);

      Timeseries series = ledger.timeseries(1, Interval.MINUTE);

      assertThat(attempts(series)).containsExactly(1L, 2L);
      assertThat(series.points().getLast().at()).isEqualTo(START.plusSeconds(60));
      assertThat(series.interval()).isEqualTo(Interval.MINUTE);
    }

    @Test
    void showsMinutesInWhichNothingHappened() {
      story.success();
      time.advance(Duration.ofMinutes(5));
      story.tooks(Duration.ofMillis(100), 1);

      Timeseries series = ledger.timeseries(1, Interval.MINUTE);

      assertThat(attempts(series)).containsExactly(1L, 0L, 0L, 0L, 0L, 1L);
      assertThat(series.points().get(1).totals()).isEqualTo(Totals.NONE);
      assertThat(series.points().getLast().latency().p50())
          .isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void keepsADay() {
      story.success();
      time.advance(Duration.ofHours(24));
      assertThat(attempts(ledger.timeseries(24, Interval.MINUTE))).hasSize(1_441).startsWith(1L);

      time.advance(Duration.ofHours(1));
      assertThat(attempts(ledger.timeseries(24, Interval.MINUTE))).containsOnly(0L);
    }

    @Test
    void keepsNoMoreThanADayEvenIfHoursAreKeptLonger() {
      var week = new AttemptLedger(LedgerLimits.DEFAULT.withHours(168), time);
      time.advance(Duration.ofHours(100));

      Window window = week.timeseries(48, Interval.MINUTE).window();

      assertThat(window.truncated()).isTrue();
      assertThat(window.retentionHours()).isEqualTo(24);
      assertThat(window.from()).isEqualTo(START.plus(76, ChronoUnit.HOURS));
    }
  }

  @Nested
  class ByHour {
    @Test
    void beginsTheNextOneAtTheFullHour() {
      time.advance(Duration.ofHours(1).minusNanos(1));
      story.success();
      time.advance(Duration.ofNanos(1));
      story.attempts(2, 1, Story.TIMEOUT);

      Timeseries series = ledger.timeseries(24, Interval.HOUR);

      assertThat(attempts(series)).containsExactly(1L, 2L);
      assertThat(series.points())
          .extracting(Timeseries.Point::at)
          .containsExactly(START, START.plusSeconds(3_600));
    }

    @Test
    void beginsAtFullHoursOfTheClockAlthoughItWasMadeInBetween() {
      time.advance(Duration.ofMinutes(50));
      var later = new AttemptLedger(time);
      new Story(later, time).success();
      time.advance(Duration.ofMinutes(10));
      new Story(later, time).success();

      assertThat(attempts(later.timeseries(1, Interval.HOUR))).containsExactly(1L, 1L);
    }

    @Test
    void forgetsAfterADay() {
      story.success();
      story.edge("a", BreakerState.CLOSED, BreakerState.OPEN);

      time.advance(Duration.ofHours(25).minusNanos(1));
      assertThat(ledger.summary(24).totals().attempts()).isEqualTo(1);
      assertThat(ledger.byEndpoint(24).totals()).hasSize(1);

      time.advance(Duration.ofNanos(1));
      assertThat(ledger.summary(24).totals()).isEqualTo(Totals.NONE);
      assertThat(ledger.byEndpoint(24).totals()).isEmpty();
      assertThat(ledger.byPolicy(24).totals()).isEmpty();
      assertThat(ledger.byHost(24).totals()).isEmpty();
      assertThat(ledger.breakerEvents(24).events()).isEmpty();
      assertThat(ledger.breakerEvents(24).counts()).isEmpty();
    }

    @Test
    void reusesItsPlacesDayAfterDay() {
      for (int hour = 0; hour < 100; hour++) {
        story.attempts(hour, 1, Story.TIMEOUT);
        time.advance(Duration.ofHours(1));
      }

      // the running hour, which is empty, and the 24 before it
      assertThat(ledger.summary(24).totals().attempts()).isEqualTo(sum(76, 99));
      assertThat(ledger.summary(1).totals().attempts()).isEqualTo(99);
      assertThat(ledger.byHost(2).totals("host").attempts()).isEqualTo(98 + 99);
    }

    @Test
    void keepsAWeekIfToldSo() {
      var week = new AttemptLedger(LedgerLimits.DEFAULT.withHours(168), time);
      new Story(week, time).success();

      time.advance(Duration.ofDays(7));

      assertThat(week.summary(168).totals().attempts()).isEqualTo(1);
      assertThat(week.summary(168).window().truncated()).isFalse();
      assertThat(week.limits().hours()).isEqualTo(168);
    }
  }

  private static long sum(int from, int to) {
    return (long) (from + to) * (to - from + 1) / 2;
  }

  @Test
  void addsHoursUpToDays() {
    var week = new AttemptLedger(LedgerLimits.DEFAULT.withHours(168), time);
    var told = new Story(week, time);
    for (int hour = 0; hour < 60; hour++) {
      told.success();
      time.advance(Duration.ofHours(1));
    }

    Timeseries days = week.timeseries(168, Interval.DAY);

    assertThat(attempts(days)).containsExactly(24L, 24L, 12L);
    assertThat(days.points().get(1).at()).isEqualTo(START.plus(1, ChronoUnit.DAYS));
    assertThat(attempts(week.timeseries(37, Interval.DAY))).containsExactly(1L, 24L, 12L);
  }

  private record Trail(List<Duration> gaps) {

    /** How many of the moments at the ends of the gaps are not before {@code from}. */
    long since(Instant from) {
      long count = 0;
      Instant moment = START;
      for (Duration gap : gaps) {
        moment = moment.plus(gap);
        count += moment.isBefore(from) ? 0 : 1;
      }
      return count;
    }
  }

  @Test
  void agreesWithItselfHoweverTimePasses() {
    Cases.check(
        30,
        LedgerTimeTest::anyTrail,
        trail -> {
          var some = new VirtualTime();
          var asked = new AttemptLedger(some);
          var told = new Story(asked, some);
          for (Duration gap : trail.gaps()) {
            some.advance(gap);
            told.success();
          }

          long all = asked.summary(24).totals().attempts();
          assertThat(sum(asked.timeseries(24, Interval.MINUTE))).isEqualTo(all);
          assertThat(sum(asked.timeseries(24, Interval.HOUR))).isEqualTo(all);
          assertThat(sum(asked.timeseries(24, Interval.DAY))).isEqualTo(all);
          assertThat(asked.byEndpoint(24).totals("proxy").attempts()).isEqualTo(all);
          assertThat(asked.byPolicy(24).totals("default").attempts()).isEqualTo(all);
          assertThat(asked.byHost(24).totals("host").attempts()).isEqualTo(all);
          assertThat(all).isEqualTo(trail.since(asked.summary(24).window().from()));
        });
  }

  private static long sum(Timeseries series) {
    return attempts(series).stream().mapToLong(Long::longValue).sum();
  }

  private static Trail anyTrail(RandomGenerator random) {
    List<Duration> gaps = new ArrayList<>();
    int count = 1 + random.nextInt(100);
    long longest = Duration.ofMinutes(1 + random.nextInt(180)).toNanos();
    for (int i = 0; i < count; i++) {
      gaps.add(Duration.ofNanos(random.nextLong(longest)));
    }
    return new Trail(gaps);
  }

  /** A wall clock that somebody sets while time goes on as ever. */
  private static final class SetClock implements Time {
    private final VirtualTime real;
    private Duration off = Duration.ZERO;

    SetClock(VirtualTime real) {
      this.real = real;
    }

    @Override
    public long nanos() {
      return real.nanos();
    }

    @Override
    public long coarseNanos() {
      return real.coarseNanos();
    }

    @Override
    public Instant instant() {
      return real.instant().plus(off);
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
      real.sleep(nanos);
    }

    @Override
    public Timer after(long nanos, Executor executor, Runnable task) {
      return real.after(nanos, executor, task);
    }
  }

  @Test
  void doesNotMindWhenTheWallClockIsSet() {
    var clock = new SetClock(time);
    var asked = new AttemptLedger(clock);
    var told = new Story(asked, clock);
    told.success();
    time.advance(Duration.ofHours(2));
    told.success();

    for (Duration off : List.of(Duration.ofHours(-3), Duration.ofDays(400), Duration.ZERO)) {
      Timeseries before = asked.timeseries(24, Interval.HOUR);
      clock.off = off;
      assertThat(asked.timeseries(24, Interval.HOUR)).isEqualTo(before);
      told.success();
    }

    assertThat(attempts(asked.timeseries(24, Interval.HOUR))).containsExactly(1L, 0L, 4L);
  }
}
