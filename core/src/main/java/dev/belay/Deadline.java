package dev.belay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The moment after which nobody waits for the answer any more. Handed down by value, so that every
 * attempt, wait and nested call sees the same budget shrink. Immutable, safe for any number of
 * threads.
 */
public final class Deadline {

  /** No limit. */
  public static final Deadline NEVER = new Deadline(Time.system(), 0, false);

  private final Time time;
  private final long nanos;
  private final boolean ends;

  private Deadline(Time time, long nanos, boolean ends) {
    this.time = time;
    this.nanos = nanos;
    this.ends = ends;
  }

  /** The moment {@code budget} from now; a budget of 292 years or more never ends. */
  public static Deadline in(Duration budget, Time time) {
    requireNonNull(budget, "budget");
    requireNonNull(time, "time");
    return at(time.nanos(), Nanos.of(budget), time);
  }

  static Deadline at(long start, long budgetNanos, Time time) {
    return budgetNanos == Nanos.FOREVER ? NEVER : new Deadline(time, start + budgetNanos, true);
  }

  /** What is left, never negative; 292 years for {@link #NEVER}. */
  public Duration left() {
    return Nanos.duration(leftNanos(time.nanos()));
  }

  /** Whether nothing is left. */
  public boolean passed() {
    return ends && leftNanos(time.nanos()) == 0;
  }

  /** The one that comes first. */
  public Deadline earlier(Deadline other) {
    if (!ends) {
      return other;
    }
    return !other.ends || nanos - other.nanos <= 0 ? this : other;
  }

  /** What is left at {@code now}, in nanoseconds, never negative. */
  long leftNanos(long now) {
    return ends ? Math.max(0, nanos - now) : Nanos.FOREVER;
  }

  @Override
  public String toString() {
    return ends ? "Deadline[in %s]".formatted(left()) : "Deadline[never]";
  }
}
