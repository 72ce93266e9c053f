package dev.belay.chaos.report;

import java.util.Locale;

/** A way to be broken that is known, and what is done about it. */
public enum Pattern {
  /** What must always hold did not. */
  BROKEN_INVARIANT(
      "broken invariant",
      "The system answers as if all were well. Check the result before it is given out, and undo"
          + " what was half done."),
  /** A call that changes something was made once more. */
  NON_IDEMPOTENT_RETRY(
      "retry of a call that is not idempotent",
      "A lost answer does not mean that nothing was done. Send an idempotency key with the call and"
          + " have the callee refuse to do the work twice, or ask what happened before trying"
          + " again."),
  /** Calls were made again and again. */
  RETRY_STORM(
      "retry storm",
      "Bound retries by a budget that all calls share, retry in one layer only, and open a circuit"
          + " breaker when the callee is slow."),
  /** A caller gave up while the callee still waited for somebody else. */
  TIMEOUT_INVERSION(
      "timeout longer than the caller's",
      "Give inner calls less time than the caller has: pass the deadline on, and keep what is left"
          + " for a fallback."),
  /** A caller waited as long as it took. */
  MISSING_TIMEOUT(
      "missing timeout",
      "Limit how long the caller waits for this call, to less than its own caller waits for it."),
  /** What stands in for a callee failed too. */
  SECOND_FALLBACK(
      "shared or missing second fallback",
      "What stands in for the first callee needs something to stand in for itself that shares"
          + " nothing with it: a cached or a constant answer."),
  /** Nothing stands in for a callee. */
  MISSING_FALLBACK(
      "missing fallback",
      "Have the caller go on without this callee: with a cached or a constant answer, or without"
          + " that part of its own.");

  private final String title;
  private final String advice;

  Pattern(String title, String advice) {
    this.title = title;
    this.advice = advice;
  }

  /** What it is called, for people. */
  public String title() {
    return title;
  }

  /** What to do about it, for people. */
  public String advice() {
    return advice;
  }

  /** Its name in documents. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
