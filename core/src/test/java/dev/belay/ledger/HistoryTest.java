package dev.belay.ledger;

import static dev.belay.Verdict.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.BreakerState;
import dev.belay.Cases;
import dev.belay.VirtualTime;
import dev.belay.ledger.Timeseries.Interval;
import dev.belay.ledger.Timeseries.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);

  private final LedgerStore store = LedgerStore.inMemory();

  /** One run of a program, with a clock of its own. */
  private static final class Run {
    final VirtualTime time = new VirtualTime();
    final AttemptLedger ledger;
    final History history;
    private final Story story;

    Run(LedgerStore store, Instant at) {
      time.advance(Duration.between(START, at));
      ledger = new AttemptLedger(time);
      history = new History(ledger, store, WEEK);
      story = new Story(ledger, time);
    }

    Run attempts(int count) {
      story.attempts(count, 1, SUCCESS);
      return this;
    }

    Run passes(Duration length) {
      time.advance(length);
      return this;
    }

    Run writes() {
      history.write();
      return this;
    }
  }

  private Run run(String at) {
    return new Run(store, Instant.parse("2026-01-%sZ".formatted(at)));
  }

  private static List<Long> attempts(List<Point> points) {
    return points.stream().map(point -> point.totals().attempts()).toList();
  }

  private static long sum(List<Point> points) {
    return attempts(points).stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void bringsBackWhatWasWritten() {
    Run before = run("01T00:30:00").attempts(3);
    before.story.edge("proxy", BreakerState.CLOSED, BreakerState.OPEN);
    before.passes(Duration.ofHours(2)).attempts(4).writes();

    Run after = run("01T02:45:00");
    after.history.restore();

    assertThat(after.ledger.summary(24).totals()).isEqualTo(before.ledger.summary(24).totals());
    assertThat(after.ledger.byEndpoint(24).totals()).containsOnlyKeys("proxy");
    assertThat(after.ledger.breakerEvents(24).counts("proxy").openings()).isEqualTo(1);
  }

  @Test
  void goesOnInTheHourInWhichItWasStopped() {
    run("01T00:10:00").attempts(3).writes().attempts(1).writes();
    run("01T00:20:00").writes().attempts(4).writes();
    Run third = run("01T00:30:00").attempts(5);

    assertThat(third.writes().ledger.summary(1).totals().attempts()).isEqualTo(13);
    assertThat(store.load(START).getFirst().totals().attempts()).isEqualTo(13);
  }

  @Test
  void writesOnlyWhatMayHaveChanged() {
    List<Integer> written = new ArrayList<>();
    LedgerStore watched =
        new Watched() {
          @Override
          public void save(List<HourRecord> records) {
            written.add(records.size());
          }
        };
    Run run = new Run(watched, START);
    for (int hour = 0; hour < 5; hour++) {
      run.attempts(1).writes().passes(Duration.ofHours(1));
    }

    // from the hour before the last time on
    assertThat(written).containsExactly(1, 2, 3, 3, 3);
  }

  /** Passes everything on. */
  private class Watched implements LedgerStore {
    @Override
    public void save(List<HourRecord> records) {
      store.save(records);
    }

    @Override
    public List<HourRecord> load(Instant from) {
      return store.load(from);
    }

    @Override
    public List<PeriodSum> hours(Instant from, Instant to) {
      return store.hours(from, to);
    }

    @Override
    public List<PeriodSum> days(Instant from, Instant to) {
      return store.days(from, to);
    }

    @Override
    public void rollUp(Instant before, Instant forget) {
      store.rollUp(before, forget);
    }
  }

  /** A store that works only when told to. */
  private final class Flaky extends Watched {
    private boolean broken = true;

    private void use() {
      if (broken) {
        throw new UncheckedIOException(new IOException("gone"));
      }
    }

    @Override
    public void save(List<HourRecord> records) {
      use();
      super.save(records);
    }

    @Override
    public List<HourRecord> load(Instant from) {
      use();
      return super.load(from);
    }

    @Override
    public List<PeriodSum> hours(Instant from, Instant to) {
      use();
      return super.hours(from, to);
    }
  }

  @Test
  void makesUpForTheTimeInWhichTheStoreFailed() {
    run("01T00:10:00").attempts(1).writes();
    Flaky flaky = new Flaky();
    Run run = new Run(flaky, Instant.parse("2026-01-01T00:20:00Z")).attempts(2);
    assertThatThrownBy(run::writes).isInstanceOf(UncheckedIOException.class);
    assertThat(sum(run.history.timeseries(24, Interval.HOUR).points())).isEqualTo(2);

    flaky.broken = false;
    run.writes();
    flaky.broken = true;
    for (int hour = 0; hour < 5; hour++) {
      run.passes(Duration.ofHours(1)).attempts(1);
      assertThatThrownBy(run::writes).isInstanceOf(UncheckedIOException.class);
    }
    flaky.broken = false;
    run.writes();

    assertThat(store.load(START))
        .extracting(one -> one.totals().attempts())
        .containsExactly(3L, 1L, 1L, 1L, 1L, 1L);
    assertThat(sum(run.history.days(1))).isEqualTo(8);
  }

  @Test
  void answersBeyondWhatIsInMemory() {
    Run run = run("01T12:00:00");
    for (int hour = 0; hour < 24 * 6; hour++) {
      run.attempts(1).writes().passes(Duration.ofHours(1));
    }

    Timeseries hours = run.history.timeseries(168, Interval.HOUR);
    assertThat(hours.window().from()).isEqualTo(Instant.parse("2026-01-01T12:00:00Z"));
    assertThat(hours.window().truncated()).isFalse();
    assertThat(attempts(hours.points())).hasSize(145).startsWith(1L, 1L).endsWith(1L, 0L);
    assertThat(sum(hours.points())).isEqualTo(144);
    Timeseries days = run.history.timeseries(168, Interval.DAY);
    assertThat(attempts(days.points())).containsExactly(12L, 24L, 24L, 24L, 24L, 24L, 12L);
    assertThat(days.points().get(1).at()).isEqualTo(Instant.parse("2026-01-02T00:00:00Z"));
    assertThat(days.points().getFirst().latency().p50()).isPositive();
    assertThat(attempts(run.history.timeseries(37, Interval.DAY).points()))
        .containsExactly(1L, 24L, 12L);
    assertThat(attempts(run.history.days(2))).containsExactly(24L, 12L);
  }

  @Test
  void answersLikeTheLedgerWithinADay() {
    Run run = run("01T12:00:00").attempts(1);
    for (int hour = 0; hour < 20; hour++) {
      run.writes().passes(Duration.ofHours(1)).attempts(hour % 3);
    }

    for (Interval interval : Interval.values()) {
      for (int hours : List.of(1, 2, 19, 20, 21, 24)) {
        assertThat(run.history.timeseries(hours, interval).points())
            .isEqualTo(run.ledger.timeseries(hours, interval).points());
      }
    }
  }

  @Test
  void keepsDaysWhenTheirHoursAreGone() {
    Run run = run("01T12:00:00");
    for (int hour = 0; hour < 24 * 100; hour++) {
      run.attempts(1).writes().passes(Duration.ofHours(1));
    }

    // 2026-04-11 is running; the last 90 days begin on 2026-01-12
    List<Point> days = run.history.days(90);
    assertThat(days.getFirst().at()).isEqualTo(Instant.parse("2026-01-12T00:00:00Z"));
    assertThat(attempts(days)).hasSize(90).containsOnly(24L, 12L).endsWith(24L, 12L);
    assertThat(days.get(3).latency().p50()).isPositive();
    assertThat(store.load(START)).hasSizeLessThanOrEqualTo(169);
    assertThat(store.days(START, Instant.MAX)).hasSizeLessThanOrEqualTo(90);
  }

  @Test
  void losesAndDoublesNothingWhenTheClockWasSetBackBetweenTwoRuns() {
    run("01T10:30:00").attempts(10).passes(Duration.ofHours(1)).attempts(7).writes();

    Run after = run("01T10:35:00").attempts(1).writes();
    assertThat(sum(after.history.days(1))).isEqualTo(11);
    after.passes(Duration.ofHours(1)).attempts(2).writes();
    assertThat(sum(after.history.days(1))).isEqualTo(20);
    after.passes(Duration.ofHours(1)).writes();

    assertThat(sum(after.history.days(1))).isEqualTo(20);
    assertThat(store.load(START))
        .extracting(one -> one.totals().attempts())
        .containsExactly(11L, 9L);
  }

  /** What happens in a life of several runs. */
  private record Life(List<Step> steps) {}

  private record Step(int attempts, Duration gap, boolean restart, Duration clock) {}

  @Test
  void countsEverythingOnceHoweverOftenItIsRestarted() {
    Cases.check(
        60,
        HistoryTest::anyLife,
        life -> {
          LedgerStore kept = LedgerStore.inMemory();
          Instant now = START.plus(20, ChronoUnit.DAYS);
          Run run = new Run(kept, now);
          long all = 0;
          for (Step step : life.steps()) {
            all += step.attempts();
            run.attempts(step.attempts()).writes().passes(step.gap());
            now = now.plus(step.gap());
            if (step.restart()) {
              run.writes();
              now = now.plus(step.clock());
              run = new Run(kept, now);
            }
          }
          // what a clock that was ahead left behind has its turn, too
          run.writes().passes(Duration.ofDays(3)).writes();
          assertThat(sum(run.history.days(90))).isEqualTo(all);
        });
  }

  private static Life anyLife(RandomGenerator random) {
    List<Step> steps = new ArrayList<>();
    int count = 1 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      steps.add(
          new Step(
              random.nextInt(5),
              Duration.ofMinutes(random.nextInt(60 * 30)),
              random.nextInt(3) == 0,
              Duration.ofMinutes(random.nextInt(-120, 120))));
    }
    return new Life(steps);
  }

  @Test
  void rejectsWhatIsOutOfRange() {
    Run run = run("01T00:00:00");
    assertThatThrownBy(() -> run.history.days(91)).hasMessage("days must be 1 to 90, was 91");
    assertThatThrownBy(() -> run.history.timeseries(169, Interval.DAY))
        .hasMessage("hours must be 1 to 168, was 169");
    assertThatThrownBy(() -> new History(run.ledger, store, Duration.ofHours(23)))
        .hasMessage("history must be 24 h to 90 d, was PT23H");
  }
}
