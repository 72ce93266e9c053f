package dev.belay.chaos;

import dev.belay.Check;
import dev.belay.chaos.trace.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What was seen of the system in one trial. Everything but the time may be missing; what is missing
 * scores nothing and is said.
 *
 * @param endpoint what was asked of the system, such as {@code POST /checkout}
 * @param reply what came back
 * @param logs lines that the system logged meanwhile
 * @param trace what the request did inside
 * @param receipts which faults did strike
 * @param invariants what was found of the things that must always hold
 * @param at when the trial ended
 */
public record Observation(
    String endpoint,
    Reply reply,
    List<String> logs,
    Optional<Trace> trace,
    List<Receipt> receipts,
    List<Invariant> invariants,
    Instant at) {
  public Observation {
    logs = List.copyOf(logs);
    receipts = List.copyOf(receipts);
    invariants = List.copyOf(invariants);
  }

  /**
   * What the one who asked got.
   *
   * @param status the HTTP status, 100 to 599; none if no answer came
   * @param latency how long it took, at least 0
   * @param errorRate which share of all requests failed, 0 to 1
   * @param failure what broke, if no answer came: such as {@code timeout} or {@code reset}
   */
  public record Reply(
      OptionalInt status,
      Optional<Duration> latency,
      OptionalDouble errorRate,
      Optional<String> failure) {
    /** Nothing is known. */
    public static final Reply UNKNOWN =
        new Reply(OptionalInt.empty(), Optional.empty(), OptionalDouble.empty(), Optional.empty());

    public Reply {
      Check.that(
          status.isEmpty() || (status.getAsInt() >= 100 && status.getAsInt() <= 599),
          "status must be in 100..599, was %s",
          status);
      Check.that(
          latency.isEmpty() || !latency.get().isNegative(),
          "latency must be >= 0, was %s",
          latency);
      Check.that(
          errorRate.isEmpty() || (errorRate.getAsDouble() >= 0 && errorRate.getAsDouble() <= 1),
          "error rate must be in 0..1, was %s",
          errorRate);
    }

    /** An answer with a status that took some time. */
    public static Reply of(int status, Duration latency) {
      return new Reply(
          OptionalInt.of(status), Optional.of(latency), OptionalDouble.empty(), Optional.empty());
    }
  }
}
