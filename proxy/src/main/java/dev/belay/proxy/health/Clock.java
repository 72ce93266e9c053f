package dev.belay.proxy.health;

import dev.belay.Time;
import java.time.Duration;

/** How long a check has been running and may still run. Immutable. */
record Clock(Time time, long startNanos, Duration limit) {

  static Clock start(Time time, Duration limit) {
    return new Clock(time, time.nanos(), limit);
  }

  Duration passed() {
    return Duration.ofNanos(time.nanos() - startNanos);
  }

  /** What is left; at least a millisecond, because nothing can be asked for less. */
  Duration left() {
    Duration left = limit.minus(passed());
    Duration least = Duration.ofMillis(1);
    return left.compareTo(least) < 0 ? least : left;
  }
}
