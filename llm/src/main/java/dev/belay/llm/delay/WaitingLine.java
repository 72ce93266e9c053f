package dev.belay.llm.delay;

import dev.belay.Time;
import dev.belay.llm.delay.GateEntry.Priority;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait at a gate: by priority, tenants in turn, each tenant's callers in order. For one
 * thread at a time.
 */
final class WaitingLine {
  private static final int TURN_OF_THE_LOWEST = 8;

  /** One who waits. Whoever completes it first, wins. */
  static final class Waiter extends CompletableFuture<Admission> {
    final GateEntry entry;
    final long sinceNanos;
    final long patienceNanos;
    private final Consumer<Waiter> leave;
    private Time.@Nullable Timer patience;

    /**
     * Somebody who came now.
     *
     * @param leave is told when it gives up
     */
    Waiter(GateEntry entry, long sinceNanos, Consumer<Waiter> leave) {
      this.leave = leave;
      this.entry = entry;
      this.sinceNanos = sinceNanos;
      this.patienceNanos = nanos(entry.patience());
    }

    private static long nanos(Duration length) {
      try {
        return length.toNanos();
      } catch (ArithmeticException tooLong) {
        return Long.MAX_VALUE;
      }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean first = super.cancel(mayInterrupt);
      if (first) {
        leave.accept(this);
      }
      return first;
    }

    /** Will be woken when its patience is over. */
    void wakeBy(Time.Timer timer) {
      patience = timer;
    }

    /** Waits no more. */
    private void leaves() {
      if (patience != null) {
        patience.cancel();
      }
    }

    long patienceLeft(long now) {
      return patienceNanos - (now - sinceNanos);
    }
  }

  private final Map<Priority, Map<String, Deque<Waiter>>> lines = new EnumMap<>(Priority.class);
  private int size;
  private int turn;

  int size() {
    return size;
  }

  /** How many would go before one of this priority who comes now. */
  int ahead(Priority priority) {
    int ahead = 0;
    for (Map.Entry<Priority, Map<String, Deque<Waiter>>> line : lines.entrySet()) {
      if (line.getKey().compareTo(priority) <= 0) {
        ahead += line.getValue().values().stream().mapToInt(Deque::size).sum();
      }
    }
    return ahead;
  }

  void add(Waiter waiter) {
    lines
        .computeIfAbsent(waiter.entry.priority(), none -> new LinkedHashMap<>())
        .computeIfAbsent(waiter.entry.tenant(), none -> new ArrayDeque<>())
        .addLast(waiter);
    size++;
  }

  boolean remove(Waiter waiter) {
    Map<String, Deque<Waiter>> tenants = lines.get(waiter.entry.priority());
    Deque<Waiter> line = tenants == null ? null : tenants.get(waiter.entry.tenant());
    if (tenants == null || line == null || !line.remove(waiter)) {
      return false;
    }
    size--;
    waiter.leaves();
    dropIfEmpty(tenants, waiter.entry, line);
    return true;
  }

  /** Whose turn it is; null if nobody waits. */
  @Nullable Waiter next() {
    if (size == 0) {
      return null;
    }
    turn = (turn + 1) % TURN_OF_THE_LOWEST;
    Map<String, Deque<Waiter>> tenants = turn == 0 ? last() : first();
    Iterator<Map.Entry<String, Deque<Waiter>>> all = tenants.entrySet().iterator();
    Map.Entry<String, Deque<Waiter>> tenant = all.next();
    all.remove();
    Waiter waiter = tenant.getValue().removeFirst();
    size--;
    waiter.leaves();
    if (tenant.getValue().isEmpty()) {
      lines.values().removeIf(Map::isEmpty);
    } else {
      tenants.put(tenant.getKey(), tenant.getValue()); // to the end of the row
    }
    return waiter;
  }

  private Map<String, Deque<Waiter>> first() {
    return lines.values().iterator().next();
  }

  private Map<String, Deque<Waiter>> last() {
    Map<String, Deque<Waiter>> last = first();
    for (Map<String, Deque<Waiter>> line : lines.values()) {
      last = line;
    }
    return last;
  }

  /** Takes out all for whom something holds. */
  List<Waiter> takeIf(Predicate<Waiter> holds) {
    List<Waiter> taken = new ArrayList<>();
    lines
        .values()
        .forEach(tenants ->
            tenants.values().forEach(line -> line.stream().filter(holds).forEach(taken::add)));
    taken.forEach(this::remove);
    return taken;
  }

  private void dropIfEmpty(
      Map<String, Deque<Waiter>> tenants, GateEntry entry, Deque<Waiter> line) {
    if (line.isEmpty()) {
      tenants.remove(entry.tenant());
    }
    if (tenants.isEmpty()) {
      lines.remove(entry.priority());
    }
  }
}
