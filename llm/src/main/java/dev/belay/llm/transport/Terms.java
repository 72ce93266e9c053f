package dev.belay.llm.transport;

import static java.util.Objects.requireNonNull;

import dev.belay.Deadline;

/**
 * On what terms an attempt is made. Immutable.
 *
 * @param limits of its parts
 * @param deadline when nobody waits for it any more
 * @param idempotencyKey the same for all attempts at one request, where the provider knows such
 *     keys; empty for none
 * @param rounds is asked before the attempt sends another request
 */
public record Terms(Limits limits, Deadline deadline, String idempotencyKey, Rounds rounds) {
  /** The default limits, and no key. */
  public static final Terms DEFAULT = new Terms(Limits.DEFAULT, Deadline.NEVER, "");

  /** Terms without anybody to ask before another round. */
  public Terms(Limits limits, Deadline deadline, String idempotencyKey) {
    this(limits, deadline, idempotencyKey, Rounds.FREE);
  }

  /** Rejects null. */
  public Terms {
    requireNonNull(limits, "limits");
    requireNonNull(deadline, "deadline");
    requireNonNull(idempotencyKey, "idempotencyKey");
    requireNonNull(rounds, "rounds");
  }

  /** The same within other limits. */
  public Terms withLimits(Limits limits) {
    return new Terms(limits, deadline, idempotencyKey, rounds);
  }

  /** The same until another moment. */
  public Terms withDeadline(Deadline deadline) {
    return new Terms(limits, deadline, idempotencyKey, rounds);
  }

  /** The same with another key. */
  public Terms withIdempotencyKey(String key) {
    return new Terms(limits, deadline, key, rounds);
  }

  /** The same with somebody else to ask before another round. */
  public Terms withRounds(Rounds rounds) {
    return new Terms(limits, deadline, idempotencyKey, rounds);
  }
}
