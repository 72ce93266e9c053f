package dev.belay.llm.review;

import dev.belay.llm.LlmException;

/** A review cannot be done as asked. */
public final class ReviewException extends LlmException {
  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Reason {
    /** There is no such ticket. */
    UNKNOWN,
    /** Something else was decided before. */
    DECIDED,
    /** The time to decide is over. */
    EXPIRED,
    /** No more calls can be parked. */
    FULL
  }

  private final Reason reason;

  private ReviewException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why not. */
  public Reason reason() {
    return reason;
  }

  /** There is no such ticket. */
  public static ReviewException unknown(String ticket) {
    String shown = ticket.matches("[A-Za-z0-9_-]{1,100}") ? ticket : "(malformed)";
    return new ReviewException(
        Reason.UNKNOWN, "there is no review %s; list the open ones to find it".formatted(shown));
  }

  /** As many calls as may be are open. */
  public static ReviewException full(int capacity) {
    return new ReviewException(
        Reason.FULL,
        "%d calls wait for review already; decide some of them first".formatted(capacity));
  }

  static ReviewException decided(ReviewItem item, ReviewStatus.Decided before) {
    return new ReviewException(
        Reason.DECIDED,
        "review %s was %s by %s at %s; a decision cannot be changed"
            .formatted(item.ticket(), before.decision().state(), before.reviewer(), before.at()));
  }

  /** The time to decide is over. */
  public static ReviewException expired(ReviewItem item) {
    return new ReviewException(
        Reason.EXPIRED,
        "review %s expired at %s; make the call again".formatted(item.ticket(), item.expires()));
  }
}
