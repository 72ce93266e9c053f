package dev.belay.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  private static Percentiles of(long nanos) {
    long[] cells = new long[Latencies.BUCKETS];
    cells[Latencies.bucket(nanos)]++;
    return Latencies.percentiles(cells, 0);
  }

  @Test
  void areAtMostAQuarterTooHighAndNeverTooLow() {
    Cases.check(
        2_000,
        random -> (long) Math.pow(2, 16 + 24 * random.nextDouble()),
        nanos -> assertThat(of(nanos).p50().toNanos()).isBetween(nanos, (long) (nanos * 1.25) + 1));
  }

  @Test
  void riseFromBucketToBucket() {
    Percentiles before = Percentiles.NONE;
    for (int i = 0; i < Latencies.BUCKETS; i++) {
      long[] cells = new long[Latencies.BUCKETS];
      cells[i] = 1;
      Percentiles now = Latencies.percentiles(cells, 0);

      assertThat(now.p99()).isGreaterThan(before.p99());
      before = now;
    }
  }

  @Test
  void showEverythingShorterAsTheShortest() {
    assertThat(of(0).p50()).isEqualTo(Duration.ofNanos(65_536));
    assertThat(of(65_535)).isEqualTo(of(0));
  }

  @Test
  void showEverythingLongerAsTheLongest() {
    assertThat(of(Long.MAX_VALUE).p50()).isEqualTo(Duration.ofNanos(1L << 40));
  }
}
