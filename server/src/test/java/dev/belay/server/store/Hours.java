package dev.belay.server.store;

import dev.belay.ErrorClass;
import dev.belay.ledger.BreakerHistory;
import dev.belay.ledger.HourRecord;
import dev.belay.ledger.PeriodSum;
import dev.belay.ledger.Requests;
import dev.belay.ledger.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hours as a ledger might have counted them. */
final class Hours {
  private Hours() {}

  static Totals totals(long successes) {
    return new Totals(
        new Requests(successes + 2, successes, 1),
        new TreeMap<>(Map.of(0, successes, 9, 1L)),
        Map.of(ErrorClass.TIMEOUT, 3L, ErrorClass.STATUS, 1L),
        4,
        Duration.ofNanos(123_456_789_012L),
        Duration.ofSeconds(5));
  }

  static HourRecord hour(Instant at, long successes) {
    List<Long> latencies = new ArrayList<>(PeriodSum.none(at).latencies());
    latencies.set(0, 1L);
    latencies.set(96, successes);
    return new HourRecord(
        at,
        totals(successes),
        latencies,
        new TreeMap<>(
            Map.of("http://proxy:1#95e7cf4d90d2", totals(1), "socks5://[::1]:2", totals(2))),
        new TreeMap<>(Map.of("default", totals(3))),
        new TreeMap<>(Map.of("größe.example", totals(4), "a\u0000\"'; drop table x", totals(5))),
        new TreeMap<>(Map.of("http://proxy:1#95e7cf4d90d2", new BreakerHistory.Counts(7, 3))));
  }
}
