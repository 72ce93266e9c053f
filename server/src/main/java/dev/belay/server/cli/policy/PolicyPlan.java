package dev.belay.server.cli.policy;

import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.RetryPolicy;
import dev.belay.server.config.BelayConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a policy does, worked out from the parts that carry it out.
 *
 * @param policy the policy
 * @param breaker when endpoints are left alone
 * @param budget how many retries there may be
 * @param attemptLimit how long one attempt may take through the proxy
 * @param isLimitOfProxy whether that is the proxy's limit and not the policy's
 * @param waits before the second attempt, the third, and so on
 */
record PolicyPlan(
    RetryPolicy policy,
    BreakerPolicy breaker,
    BelayConfig.Budget budget,
    Duration attemptLimit,
    boolean isLimitOfProxy,
    List<Wait> waits) {

  /** Draws the low end of every range. */
  private static final RandomGenerator LOWEST = new Extreme(false);

  /** Draws the high end of every range, which is itself never drawn. */
  private static final RandomGenerator HIGHEST = new Extreme(true);

  PolicyPlan {
    waits = List.copyOf(waits);
  }

  /** The shortest and the longest wait that jitter can make of one. */
  record Wait(Duration least, Duration most) {}

  /** The plan of a policy within a configuration. */
  static PolicyPlan of(RetryPolicy policy, BelayConfig config) {
    Duration answer = config.proxy().settings().timeouts().answer();
    boolean ofProxy = policy.attemptTimeout().compareTo(answer) > 0;
    return new PolicyPlan(
        policy,
        config.breaker(),
        config.budget(),
        ofProxy ? answer : policy.attemptTimeout(),
        ofProxy,
        waits(policy));
  }

  private static List<Wait> waits(RetryPolicy policy) {
    Backoff backoff = policy.backoff();
    List<Wait> waits = new ArrayList<>();
    long least = 0;
    long most = 0;
    for (int failure = 0; failure < policy.maxAttempts() - 1; failure++) {
      least = backoff.draw(failure, least, LOWEST);
      most = backoff.draw(failure, most, HIGHEST);
      waits.add(new Wait(Duration.ofNanos(least), Duration.ofNanos(most)));
    }
    return waits;
  }

  /** All attempts to their limit, all waits at their longest; before the deadline cuts it off. */
  Duration longestWithoutHints() {
    return attempts().plus(sum(Duration.ZERO));
  }

  /** The same if servers ask, before every attempt, for as long a wait as the policy obeys. */
  Duration longestWithHints() {
    return attempts().plus(sum(policy.maxHintWait()));
  }

  /** How long a call can take at the most; nothing if that has no bound. */
  Optional<Duration> worstCase() {
    Duration attempts = waitsForBreakers() ? RetryPolicy.FOREVER : longestWithHints();
    Duration worst = policy.timeout().compareTo(attempts) < 0 ? policy.timeout() : attempts;
    return Optional.of(worst).filter(length -> length.compareTo(RetryPolicy.FOREVER) < 0);
  }

  /** What keeps it from taking longer. */
  Bound bound() {
    return worstCase()
        .map(worst -> worst.equals(policy.timeout()) ? Bound.TIMEOUT : Bound.ATTEMPTS)
        .orElse(Bound.NOTHING);
  }

  /** What can bound a call. */
  enum Bound {
    /** The timeout of the whole call. */
    TIMEOUT("timeout"),
    /** The number of attempts, the limit of each, and the waits. */
    ATTEMPTS("max_attempts, the attempt timeout and the waits"),
    /** Nothing at all. */
    NOTHING("nothing: set timeout");

    private final String words;

    Bound(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  boolean hasTimeout() {
    return policy.timeout().compareTo(RetryPolicy.FOREVER) < 0;
  }

  /** Such waits are not counted, so that only a timeout bounds them. */
  boolean waitsForBreakers() {
    return !policy.maxOpenWait().isZero();
  }

  private Duration attempts() {
    return attemptLimit.multipliedBy(policy.maxAttempts());
  }

  private Duration sum(Duration hint) {
    return waits.stream()
        .map(wait -> wait.most().compareTo(hint) > 0 ? wait.most() : hint)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** No chance at all. */
  private record Extreme(boolean high) implements RandomGenerator {
    @Override
    public long nextLong() {
      return high ? Long.MAX_VALUE : 0;
    }

    @Override
    public long nextLong(long bound) {
      return high ? bound : 0;
    }
  }
}
