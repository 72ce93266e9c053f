package dev.belay.chaos.inject;

import dev.belay.Time;
import dev.belay.chaos.inject.FaultPolicyStore.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * A policy in force. Its ends are told by the clock that nobody sets; the moments that are kept are
 * for people, and for the next process. Immutable.
 *
 * @param since when it came into force
 * @param end when its time is over; none if never
 * @param leaseEnd when it is over unless it is renewed; none if it has no lease
 */
record RunningPolicy(Kept kept, long since, OptionalLong end, OptionalLong leaseEnd) {
  /** It comes into force now. */
  static RunningPolicy begun(Kept kept, Optional<Duration> lease, long now) {
    return new RunningPolicy(kept, now, in(kept.policy().life(), now), in(lease, now));
  }

  /** Of what went on while there was no process, only the clock on the wall tells. */
  static RunningPolicy takenUp(Kept kept, Time time) {
    Instant wall = time.instant();
    long now = time.nanos();
    return new RunningPolicy(
        kept,
        now - Duration.between(kept.created(), wall).toNanos(),
        in(kept.ends().map(end -> Duration.between(wall, end)), now),
        in(kept.leaseEnds().map(end -> Duration.between(wall, end)), now));
  }

  private static OptionalLong in(Optional<Duration> left, long now) {
    return left.stream().mapToLong(length -> now + length.toNanos()).findFirst();
  }

  /** The same with a lease that begins anew. */
  RunningPolicy renewed(Kept renewed, Optional<Duration> lease, long now) {
    return new RunningPolicy(renewed, since, end, in(lease, now));
  }

  /** How long it still lasts, 0 or less if it is over; none if it lasts for ever. */
  OptionalLong left(long now) {
    return LongStream.concat(end.stream(), leaseEnd.stream()).map(at -> at - now).min();
  }

  boolean lasts(long now) {
    return left(now).orElse(1) > 0;
  }

  /** As data planes get it. */
  RuleFeed.Dated dated(long now) {
    Duration age = Duration.ofNanos(Math.max(0, now - since));
    Optional<Duration> left =
        leaseEnd.stream().mapToObj(at -> Duration.ofNanos(Math.max(0, at - now))).findFirst();
    return new RuleFeed.Dated(kept.policy(), kept.generation(), age, left);
  }
}
