package dev.belay.llm.review;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Instant;

/**
 * A parked call. Immutable.
 *
 * @param ticket by which it is found, 1 to 100 letters, digits, underscores or hyphens
 * @param created when it was parked
 * @param expires from when on nobody can decide any more; after {@code created}
 * @param parked what there is to look at
 * @param status where it stands
 */
public record ReviewItem(
    String ticket, Instant created, Instant expires, ReviewCase parked, ReviewStatus status) {

  /** Rejects names that fit no address, and times that cannot be. */
  public ReviewItem {
    Check.that(
        ticket.matches("[A-Za-z0-9_-]{1,100}"),
        "ticket must be 1 to 100 letters, digits, underscores or hyphens");
    Check.that(
        expires.isAfter(created),
        "expires must be after created, %s is not after %s",
        expires,
        created);
    requireNonNull(parked, "parked");
    requireNonNull(status, "status");
  }

  /** In one word. */
  public ReviewState state() {
    return status.state();
  }

  /** As it stands at a moment: an open one whose time is over has expired. */
  public ReviewItem at(Instant now) {
    return state() == ReviewState.OPEN && !now.isBefore(expires)
        ? withStatus(new ReviewStatus.Expired())
        : this;
  }

  /**
   * After a decision at a moment. The same decision once more gives the same item, whoever makes
   * it, so that a request which is sent twice does no harm.
   *
   * @throws ReviewException if it has expired, or something else was decided
   */
  public ReviewItem decided(Decision decision, String reviewer, Instant now) {
    ReviewItem current = at(now);
    return switch (current.status()) {
      case ReviewStatus.Open open -> withStatus(new ReviewStatus.Decided(decision, reviewer, now));
      case ReviewStatus.Decided before when before.decision().equals(decision) -> current;
      case ReviewStatus.Decided before -> throw ReviewException.decided(this, before);
      case ReviewStatus.Expired expired -> throw ReviewException.expired(this);
    };
  }

  /** The same in another state. */
  public ReviewItem withStatus(ReviewStatus next) {
    return new ReviewItem(ticket, created, expires, parked, next);
  }

  /** Where it stands in a list: by creation, then by ticket. */
  public String cursor() {
    return "%019d.%09d.%s".formatted(created.getEpochSecond(), created.getNano(), ticket);
  }
}
