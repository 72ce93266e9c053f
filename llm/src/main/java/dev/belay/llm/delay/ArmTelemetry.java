package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

/**
 * Counts of the calls that wait in the new way beside those of the others. Safe for any number of
 * threads.
 *
 * @param fresh calls with the new waits
 * @param baseline calls with the old ones, and what the new ones would have done there
 */
public record ArmTelemetry(DelayTelemetry fresh, DelayTelemetry baseline) {
  /** Rejects null. */
  public ArmTelemetry {
    requireNonNull(fresh, "fresh");
    requireNonNull(baseline, "baseline");
  }

  /** Nothing counted yet. */
  public static ArmTelemetry empty() {
    return new ArmTelemetry(new DelayTelemetry(), new DelayTelemetry());
  }

  /** Of one side. */
  public DelayTelemetry of(boolean isFresh) {
    return isFresh ? fresh : baseline;
  }
}
