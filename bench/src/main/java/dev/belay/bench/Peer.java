package dev.belay.bench;

import dev.belay.BreakerPolicy;
import java.time.Duration;
import java.util.Optional;

/** Who is measured. The order is that of the columns. */
enum Peer {
  /** The work alone. */
  BARE("bare"),

  /** Share of failures over 10 s. */
  BELAY("belay"),

  /** The default, a number of failures within a length of time. */
  BELAY_COUNT("belay-count"),

  /** Exactly the last 100 calls. */
  BELAY_LAST("belay-last"),

  /** Half of the last 100 calls, under its lock: its default and its quickest. */
  R4J("r4j"),

  /** Half of the last 100 calls. */
  FAILSAFE("failsafe");

  private final String label;

  Peer(String label) {
    this.label = label;
  }

  /** The name in tables and on the command line. */
  String label() {
    return label;
  }

  /** A fresh guard; empty if this peer has no such thing. Runs no code of any other peer. */
  Optional<Guard> guard(Duty duty) {
    return switch (this) {
      case BARE -> duty == Duty.BARE ? Optional.of(work -> work) : Optional.empty();
      case BELAY -> BelayGuards.guard(duty, share().window(Duration.ofSeconds(10)));
      // a window so short that failing work never opens it; the effort does not depend on that
      case BELAY_COUNT -> BelayGuards.guard(duty, breaker().window(Duration.ofNanos(1)));
      case BELAY_LAST -> BelayGuards.guard(duty, share().windowCalls(100));
      case R4J -> Resilience4jGuards.guard(duty);
      case FAILSAFE -> FailsafeGuards.guard(duty);
    };
  }

  private static BreakerPolicy.Builder share() {
    return breaker().failureThreshold(0).failureRate(0.5).minimumCalls(100);
  }

  private static BreakerPolicy.Builder breaker() {
    return BreakerPolicy.builder().openFor(Duration.ofHours(1));
  }
}
