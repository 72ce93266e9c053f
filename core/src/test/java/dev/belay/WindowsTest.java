package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WindowsTest {
  private record Run(long windowNanos, List<Long> gaps) {
    static Run any(RandomGenerator random) {
      long window = 1 + random.nextLong(Duration.ofMinutes(5).toNanos());
      List<Long> gaps = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        gaps.add(random.nextLong(window / 10 + 1));
      }
      return new Run(window, gaps);
    }
  }

  @Test
  void slicesAreRightToOneSlice() {
    Cases.check(
        500,
        Run::any,
        run -> {
          VirtualTime time = new VirtualTime();
          SlicedWindow window = new SlicedWindow(run.windowNanos(), false, time);
          List<Long> times = new ArrayList<>();
          for (long gap : run.gaps()) {
            time.advance(Duration.ofNanos(gap));
            window.success();
            times.add(time.nanos());
            long slice = Math.max(1, run.windowNanos() / 8);
            long surely = countSince(times, time.nanos() - run.windowNanos() + slice);
            long atMost = countSince(times, time.nanos() - run.windowNanos() - slice);
            assertThat(window.counts().calls()).isBetween(surely, atMost);
          }
        });
  }

  @Test
  void recentFailuresAreExact() {
    Cases.check(
        500,
        Run::any,
        run -> {
          int threshold = 1 + run.gaps().size() / 7;
          RecentFailures recent = new RecentFailures(threshold, run.windowNanos());
          List<Long> times = new ArrayList<>();
          long now = 0;
          for (long gap : run.gaps()) {
            now += gap;
            times.add(now);
            long inWindow = countSince(times, now - run.windowNanos());
            assertThat(recent.add(now)).isEqualTo(inWindow >= threshold);
            assertThat(recent.count(now)).isEqualTo((int) Math.min(inWindow, threshold));
          }
        });
  }

  private static long countSince(List<Long> times, long from) {
    return times.stream().filter(time -> time >= from).count();
  }

  @Test
  void aSliceThatWasLeftLongAgoStartsAfresh() {
    VirtualTime time = new VirtualTime();
    SlicedWindow window = new SlicedWindow(Duration.ofSeconds(16).toNanos(), true, time);
    window.success();
    window.failure();
    window.slow(false);
    assertThat(window.counts()).isEqualTo(new CallWindow.Counts(3, 1, 1));

    time.advance(Duration.ofDays(1));
    assertThat(window.counts()).isEqualTo(new CallWindow.Counts(0, 0, 0));
    window.slow(false);
    assertThat(window.counts()).isEqualTo(new CallWindow.Counts(1, 0, 1));
  }

  @Test
  void slowCallsCountOnlyWhereSomebodyAsksForThem() {
    LastCalls last = new LastCalls(4, false);
    last.slow(true);
    assertThat(last.counts()).isEqualTo(new CallWindow.Counts(1, 1, 0));
    SlicedWindow sliced = new SlicedWindow(1_000, false, new VirtualTime());
    sliced.slow(true);
    assertThat(sliced.counts()).isEqualTo(new CallWindow.Counts(1, 1, 0));
  }

  @Test
  void aWindowOfOneCallHoldsTheLastOne() {
    LastCalls window = new LastCalls(1, true);
    window.failure();
    window.failure();
    assertThat(window.counts()).isEqualTo(new CallWindow.Counts(1, 1, 0));
    window.success();
    assertThat(window.counts()).isEqualTo(new CallWindow.Counts(1, 0, 0));
    window.slow(true);
    assertThat(window.counts()).isEqualTo(new CallWindow.Counts(1, 1, 1));
  }
}
