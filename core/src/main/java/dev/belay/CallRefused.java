package dev.belay;

import java.io.Serial;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The call was not made: its breaker is open, or those of all endpoints are. One instance serves
 * all callers and has no stack trace, because refusing has to be the cheapest thing of all; what
 * time remains is worked out when somebody asks.
 */
public final class CallRefused extends CallException {
  @Serial private static final long serialVersionUID = 1L;

  private final String gate;
  private final transient LongSupplier leftNanos;

  CallRefused(String gate, LongSupplier leftNanos) {
    super(null);
    this.gate = gate;
    this.leftNanos = leftNanos;
  }

  /** What refused: the name of a breaker or of a pool. */
  public String gate() {
    return gate;
  }

  /**
   * How long until it may admit a call again, never negative; {@link RetryPolicy#FOREVER} if only a
   * person can change that.
   */
  public Duration retryAfter() {
    return Nanos.duration(Math.max(0, leftNanos.getAsLong()));
  }

  @Override
  public String getMessage() {
    Duration left = retryAfter();
    return left.equals(RetryPolicy.FOREVER)
        ? "%s refuses calls until it is reset".formatted(gate)
        : "%s refuses calls for another %s".formatted(gate, left);
  }
}
