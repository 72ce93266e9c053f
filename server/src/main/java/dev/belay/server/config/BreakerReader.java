package dev.belay.server.config;

import dev.belay.BreakerPolicy;
import dev.belay.RetryPolicy;
import dev.belay.settings.DurationText;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.time.Duration;

/** Reads {@code circuit_breaker}. */
final class BreakerReader {
  private static final Range<Duration> POSITIVE = Range.above(Duration.ZERO, RetryPolicy.FOREVER);
  private static final Range<Duration> TO_A_DAY = Range.above(Duration.ZERO, Duration.ofHours(24));
  private static final Range<Double> SHARE = Range.of(0.0, 1.0);

  private BreakerReader() {}

  /** One that starts at the values of another. */
  static BreakerPolicy read(Section section, BreakerPolicy from) {
    BreakerPolicy.Builder policy = BreakerPolicy.builder();
    readTrip(section, policy, from.trip());
    readWindow(section, policy, from.window());
    readOpen(section, policy, from.open());
    readProbe(section, policy, from.probe());
    section.close();
    return section.build(policy::build, from);
  }

  private static void readTrip(
      Section section, BreakerPolicy.Builder policy, BreakerPolicy.Trip from) {
    Duration slowCall = section.lengthOrNone("slow_call", POSITIVE, from.slowCall());
    double slowRate = section.number("slow_rate", SHARE, from.slowRate());
    boolean endless = slowRate > 0 && slowCall.equals(RetryPolicy.FOREVER);
    policy
        .failureThreshold(section.whole("failure_threshold", Range.of(0, 100_000), from.failures()))
        .failureRate(section.number("failure_rate", SHARE, from.failureRate()))
        .minimumCalls(section.whole("minimum_calls", Range.of(1, 1_000_000), from.minimumCalls()))
        .consecutiveFailures(
            section.whole("consecutive_failures", Range.of(0, 100_000), from.consecutive()))
        .slowCalls(slowCall, endless ? 0 : slowRate); // told of once, here
    if (endless) {
      section.wrong("slow_rate", "needs slow_call, the length from which a call is slow");
    }
  }

  private static void readWindow(
      Section section, BreakerPolicy.Builder policy, BreakerPolicy.Window from) {
    policy
        .window(section.length("window_duration", TO_A_DAY, from.length()))
        .windowCalls(section.whole("window_calls", Range.of(0, 1_000_000), from.calls()));
  }

  private static void readOpen(
      Section section, BreakerPolicy.Builder policy, BreakerPolicy.Open from) {
    Duration base = section.length("timeout_duration", TO_A_DAY, from.base());
    Duration longest = section.length("max_open_duration", POSITIVE, longer(from.longest(), base));
    if (longest.compareTo(base) < 0) {
      section.wrong(
          "max_open_duration",
          "must be at least timeout_duration, which is %s; was %s"
              .formatted(DurationText.of(base), DurationText.of(longest)));
    }
    policy
        .openFor(base)
        .openGrowth(
            section.number("open_growth", Range.of(1.0, 10.0), from.growth()),
            longer(longest, base))
        .openJitter(section.number("open_jitter", Range.below(0.0, 1.0), from.jitter()))
        .maxHint(
            section.length(
                "max_hint", Range.of(Duration.ZERO, RetryPolicy.FOREVER), from.maxHint()));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static void readProbe(
      Section section, BreakerPolicy.Builder policy, BreakerPolicy.Probe from) {
    policy
        .probesAtOnce(section.whole("half_open_calls", Range.of(1, 1_000), from.atOnce()))
        .probeSuccesses(section.whole("half_open_successes", Range.of(1, 1_000), from.successes()))
        .probeLease(section.length("probe_lease", POSITIVE, from.lease()));
  }
}
