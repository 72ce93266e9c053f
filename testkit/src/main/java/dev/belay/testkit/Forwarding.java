package dev.belay.testkit;

import java.time.Duration;

/**
 * A proxy's real work, perhaps slow or cut. Each method returns a changed copy. Immutable.
 *
 * <pre>{@code
 * Behaviour.forward().delayed(Duration.ofSeconds(1)).dropAfter(4096)
 * }</pre>
 *
 * The bytes that a limit counts are those towards the client: what comes through a tunnel, without
 * the proxy's own answer; the whole response to a plain request.
 */
public final class Forwarding implements Behaviour {
  static final Forwarding PLAIN =
      new Forwarding(Duration.ZERO, Long.MAX_VALUE, Long.MAX_VALUE, false, 0);

  final Duration delay;
  final long bytesPerSecond;
  final long cutAfter;
  final boolean resets;
  final int fillers;

  private Forwarding(
      Duration delay, long bytesPerSecond, long cutAfter, boolean resets, int fillers) {
    Check.that(!delay.isNegative(), "delay must not be negative, was %s", delay);
    Check.that(bytesPerSecond > 0, "bytesPerSecond must be above 0, was %d", bytesPerSecond);
    Check.that(cutAfter >= 0, "cannot cut after %d bytes", cutAfter);
    Check.that(fillers >= 0 && fillers <= 1_000_000, "0 to 1000000 headers, was %d", fillers);
    this.delay = delay;
    this.bytesPerSecond = bytesPerSecond;
    this.cutAfter = cutAfter;
    this.resets = resets;
    this.fillers = fillers;
  }

  /** Waits before its answer. */
  public Forwarding delayed(Duration delay) {
    return new Forwarding(delay, bytesPerSecond, cutAfter, resets, fillers);
  }

  /** Gives the client at most that many bytes in a second, 1 or more. */
  public Forwarding limitedTo(long bytesPerSecond) {
    return new Forwarding(delay, bytesPerSecond, cutAfter, resets, fillers);
  }

  /** Closes after that many bytes towards the client, 0 or more. */
  public Forwarding dropAfter(long bytes) {
    return new Forwarding(delay, bytesPerSecond, bytes, false, fillers);
  }

  /** Cuts with a TCP reset after that many bytes towards the client, 0 or more. */
  public Forwarding resetAfter(long bytes) {
    return new Forwarding(delay, bytesPerSecond, bytes, true, fillers);
  }

  /** Adds that many filler headers to its answer, 0 to 1,000,000; SOCKS has none. */
  public Forwarding manyHeaders(int count) {
    return new Forwarding(delay, bytesPerSecond, cutAfter, resets, count);
  }
}
