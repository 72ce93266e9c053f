package dev.belay.server.live;

import static java.util.Objects.requireNonNull;

import dev.belay.ErrorClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A call that is under way, at one moment. Immutable.
 *
 * @param id made for this call alone
 * @param target what lies behind the proxies; empty if that was not said
 * @param policy the name of the policy
 * @param attempt the number of the attempt that runs or ran last, counted from 1; 0 before the
 *     first
 * @param maxAttempts as many as the policy allows, 1 to 10
 * @param endpoint the name of where that attempt goes; empty before the first
 * @param startedAt when the call began
 * @param elapsed how long ago that is
 * @param nextRetryAt when the next attempt begins; empty unless it waits for one
 * @param failures the attempts that failed, in the order in which they ended
 */
public record RequestView(
    String id,
    String target,
    String policy,
    int attempt,
    int maxAttempts,
    String endpoint,
    Instant startedAt,
    Duration elapsed,
    Optional<Instant> nextRetryAt,
    List<Failure> failures) {

  /** Keeps a copy of the failures. */
  public RequestView {
    requireNonNull(id, "id");
    requireNonNull(startedAt, "startedAt");
    requireNonNull(nextRetryAt, "nextRetryAt");
    failures = List.copyOf(failures);
  }

  /**
   * An attempt that failed.
   *
   * @param attempt its number, counted from 1
   * @param endpoint the name of where it went
   * @param errorClass what went wrong
   * @param took how long it ran
   */
  public record Failure(int attempt, String endpoint, ErrorClass errorClass, Duration took) {}

  /** Whether an attempt has failed already: it waits for the next one, or makes it. */
  public boolean isRetrying() {
    return !failures.isEmpty();
  }
}
