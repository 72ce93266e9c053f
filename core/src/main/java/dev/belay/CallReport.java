package dev.belay;

import java.time.Duration;
import java.util.List;

/**
 * What became of a call: each attempt, where it went, what came, and why there was no other. Holds
 * no secret, because names of endpoints hold none. Immutable.
 *
 * @param policy the name of the policy
 * @param target what lay behind the endpoints; empty if that was not said
 * @param attempts in the order in which they ended
 * @param reason why there was no further attempt
 * @param took from the first decision to the last
 * @param retryAfter when it may be worth calling again, zero if that is not known
 */
public record CallReport(
    String policy,
    String target,
    List<Try> attempts,
    StopReason reason,
    Duration took,
    Duration retryAfter) {

  /** Keeps a copy of the attempts. */
  public CallReport {
    attempts = List.copyOf(attempts);
  }

  /**
   * One attempt.
   *
   * @param number counted from 1
   * @param endpoint the name of where it went
   * @param hedge whether it ran beside a slow one
   * @param waited how long the call waited before it
   * @param took how long it ran
   * @param verdict what was made of its outcome
   */
  public record Try(
      int number,
      String endpoint,
      boolean hedge,
      Duration waited,
      Duration took,
      Verdict verdict) {}

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Try attempt : attempts) {
      text.append(
          "%n  %d. %s after %s: %s %s in %s"
              .formatted(
                  attempt.number(),
                  attempt.endpoint(),
                  attempt.waited(),
                  attempt.verdict().kind(),
                  attempt.verdict().errorClass(),
                  attempt.took()));
    }
    return "%s after %d attempts in %s%s".formatted(reason, attempts.size(), took, text);
  }
}
