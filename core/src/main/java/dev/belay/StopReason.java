package dev.belay;

/** Why a call made no further attempt. */
public enum StopReason {
  /** It worked. */
  SUCCESS,
  /** What came back cannot be helped by another attempt. */
  PERMANENT,
  /** What came back counts neither way. */
  IGNORED,
  /** As many attempts were made as the policy allows. */
  ATTEMPTS_EXHAUSTED,
  /** The retry budget was empty. */
  BUDGET_EXHAUSTED,
  /** The time was over, or the next wait would have passed it. */
  DEADLINE,
  /** The server's hint was longer than the policy waits. */
  HINT_TOO_LONG,
  /** A server may have acted on it, and it may not be repeated. */
  NOT_REPEATABLE,
  /** No endpoint would take it. */
  REFUSED,
  /** The caller gave up. */
  CANCELLED
}
