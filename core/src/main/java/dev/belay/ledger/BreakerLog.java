package dev.belay.ledger;

import dev.belay.BreakerEvent;
import dev.belay.BreakerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last edges that breakers took, and how many there were by breaker and hour. Safe for any
 * number of threads.
 */
final class BreakerLog {
  private static final int KEPT = 1_000;
  private static final int EVENTS = 0;
  private static final int OPENINGS = 1;

  private final KeySpace counts;
  private final ReentrantLock lock = new ReentrantLock();

  /** The oldest first; guarded by the lock. */
  private final Deque<Heard> last = new ArrayDeque<>();

  BreakerLog(int breakers, int hours) {
    counts = new KeySpace(breakers, 2, hours);
  }

  /** An edge and the hour in which it was told. */
  private record Heard(long hour, BreakerEvent event) {}

  void add(BreakerEvent event, long hour) {
    boolean opened = event.to() == BreakerState.OPEN;
    add(event.breaker(), new BreakerHistory.Counts(1, opened ? 1 : 0), hour);
    lock.lock();
    try {
      if (last.size() == KEPT) {
        last.removeFirst();
      }
      last.addLast(new Heard(hour, event));
    } finally {
      lock.unlock();
    }
  }

  void add(String breaker, BreakerHistory.Counts more, long hour) {
    Tally tally = counts.at(breaker, hour);
    tally.add(EVENTS, more.events());
    tally.add(OPENINGS, more.openings());
  }

  SortedMap<String, BreakerHistory.Counts> counts(long from, long to) {
    return counts.sums(
        from, to, cells -> new BreakerHistory.Counts(cells[EVENTS], cells[OPENINGS]));
  }

  long count(long from, long to) {
    long count = 0;
    for (BreakerHistory.Counts one : counts(from, to).values()) {
      count += one.events();
    }
    return count;
  }

  List<BreakerEvent> since(long hour) {
    List<BreakerEvent> events = new ArrayList<>();
    lock.lock();
    try {
      for (Heard heard : last) {
        if (heard.hour() >= hour) {
          events.add(heard.event());
        }
      }
    } finally {
      lock.unlock();
    }
    return events;
  }
}
