package dev.belay.llm.delay;

import dev.belay.Check;
import java.time.Duration;

/**
 * How gates let callers through again after they were closed. Immutable.
 *
 * @param mostWaiting callers that may wait at one gate, 1 to 1,000,000
 * @param firstGap between two callers right after a gate has opened, above 0 and at most a minute
 * @param rampEvery after so many callers the gap gets a fifth shorter, 1 or more
 * @param calm if a gate was not closed for so long, it lets everybody through, above 0
 */
public record GateRules(int mostWaiting, Duration firstGap, int rampEvery, Duration calm) {

  /** 10,000 waiting, 50 ms at first, shorter after every 10, calm after a minute. */
  public static final GateRules DEFAULT =
      new GateRules(10_000, Duration.ofMillis(50), 10, Duration.ofMinutes(1));

  /** Rejects values out of range. */
  public GateRules {
    Check.that(
        mostWaiting >= 1 && mostWaiting <= 1_000_000,
        "most_waiting must be 1 to 1000000, was %d",
        mostWaiting);
    Check.that(
        firstGap.isPositive() && firstGap.compareTo(Duration.ofMinutes(1)) <= 0,
        "first_gap must be above 0 and at most 1m, was %s",
        firstGap);
    Check.that(rampEvery >= 1, "ramp_every must be 1 or more, was %d", rampEvery);
    Check.that(calm.isPositive(), "calm must be above 0, was %s", calm);
  }
}
