package dev.belay.chaos.inject.client;

import dev.belay.Check;
import dev.belay.chaos.inject.Aim;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Which executor, and how it is used.
 *
 * @param base such as {@code http://127.0.0.1:8080}
 * @param token what it asks for, if it asks for anything; never shown
 * @param owner whose the faults are, so that they can be swept; 1 to 40 letters, digits, hyphens
 * @param aim whose requests the faults mean
 * @param lease how long a fault stays in force without a sign of life of ours; 3 s to 1 h
 * @param settle how long to wait before observing, for executors that tell nobody when a fault is
 *     in force everywhere; published ones take up to half a minute. Plans last longer by as much
 * @param patience how long it is waited for, and how often it is asked again
 */
public record ExecutorSettings(
    URI base,
    Optional<String> token,
    String owner,
    Aim aim,
    Duration lease,
    Duration settle,
    Patience patience) {
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(3);

  public ExecutorSettings {
    Check.that(
        ("http".equals(base.getScheme()) || "https".equals(base.getScheme()))
            && base.getHost() != null
            && base.getRawUserInfo() == null,
        "address of the executor must be http://HOST:PORT");
    Check.that(
        owner.matches("[A-Za-z0-9-]{1,40}"),
        "owner must be 1 to 40 letters, digits and hyphens, was '%s'",
        owner);
    Check.that(
        lease.compareTo(SHORTEST_LEASE) >= 0 && lease.compareTo(Duration.ofHours(1)) <= 0,
        "lease must be in 3s..1h, was %s",
        lease);
    Check.that(!settle.isNegative(), "settle must be >= 0, was %s", settle);
  }

  /** Everybody's requests, a lease of 15 s, no wait, {@link Patience#DEFAULT}. */
  public static ExecutorSettings of(URI base, String owner) {
    return new ExecutorSettings(
        base, Optional.empty(), owner, Aim.EVERYBODY, LEASE, Duration.ZERO, Patience.DEFAULT);
  }

  /** The same for some requests only. */
  public ExecutorSettings withAim(Aim other) {
    return new ExecutorSettings(base, token, owner, other, lease, settle, patience);
  }

  /** The same with a token. */
  public ExecutorSettings withToken(String secret) {
    return new ExecutorSettings(base, Optional.of(secret), owner, aim, lease, settle, patience);
  }

  /** The same with another lease. */
  public ExecutorSettings withLease(Duration other) {
    return new ExecutorSettings(base, token, owner, aim, other, settle, patience);
  }

  /** The same with a wait before observing. */
  public ExecutorSettings withSettle(Duration other) {
    return new ExecutorSettings(base, token, owner, aim, lease, other, patience);
  }

  /** The same with more patience, or less. */
  public ExecutorSettings withPatience(Patience other) {
    return new ExecutorSettings(base, token, owner, aim, lease, settle, other);
  }

  @Override
  public String toString() {
    return "%s for %s".formatted(base, owner);
  }
}
