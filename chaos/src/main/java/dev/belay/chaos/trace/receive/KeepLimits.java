package dev.belay.chaos.trace.receive;

import dev.belay.Check;
import java.time.Duration;

/**
 * How many spans are kept, and for how long.
 *
 * @param traces the most; at least 1. Beyond it the oldest goes
 * @param bytes about how much memory they may take together; at least 1
 * @param age how long a trace is kept after its first span; above 0
 */
public record KeepLimits(int traces, long bytes, Duration age) {
  /** 1,000 traces, 64 MiB, ten minutes. */
  public static final KeepLimits DEFAULT = new KeepLimits(1_000, 64L << 20, Duration.ofMinutes(10));

  public KeepLimits {
    Check.that(traces >= 1, "traces must be >= 1, was %d", traces);
    Check.that(bytes >= 1, "bytes must be >= 1, was %d", bytes);
    Check.that(age.isPositive(), "age must be > 0, was %s", age);
  }
}
