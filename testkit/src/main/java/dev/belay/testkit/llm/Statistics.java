package dev.belay.testkit.llm;

import dev.belay.testkit.Journal;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What a provider has seen. Safe for any number of threads. */
final class Statistics {
  private static final int STATUSES = 1000;

  private final Journal<Exchange> exchanges = new Journal<>();
  private final AtomicLongArray byStatus = new AtomicLongArray(STATUSES);
  private final LongAdder wasted = new LongAdder();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger peak = new AtomicInteger();

  int begin() {
    int now = underWay.incrementAndGet();
    peak.accumulateAndGet(now, Math::max);
    return now;
  }

  void end() {
    underWay.decrementAndGet();
  }

  void note(Exchange exchange) {
    byStatus.incrementAndGet(exchange.status());
    if (!exchange.request().withinHint().isZero()) {
      wasted.increment();
    }
    exchanges.add(exchange, exchange.request().size());
  }

  Journal<Exchange> exchanges() {
    return exchanges;
  }

  long of(int status) {
    return status >= 0 && status < STATUSES ? byStatus.get(status) : 0;
  }

  Map<Integer, Long> counts() {
    Map<Integer, Long> counts = new TreeMap<>();
    for (int status = 0; status < STATUSES; status++) {
      if (byStatus.get(status) > 0) {
        counts.put(status, byStatus.get(status));
      }
    }
    return counts;
  }

  long wasted() {
    return wasted.sum();
  }

  int peak() {
    return peak.get();
  }

  int underWay() {
    return underWay.get();
  }

  void clear() {
    exchanges.clear();
    for (int status = 0; status < STATUSES; status++) {
      byStatus.set(status, 0);
    }
    wasted.reset();
    peak.set(underWay.get());
  }
}
