package dev.belay.llm.review;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where calls wait for a person. Safe for any number of threads. */
public interface ReviewQueue {

  /**
   * Parks a call.
   *
   * @param timeToLive how long a person has to decide, more than 0
   * @throws ReviewException if as many as may be are open
   */
  ReviewItem park(ReviewCase parked, Duration timeToLive);

  /** The item as it stands now. */
  Optional<ReviewItem> find(String ticket);

  /** Where the item stands now; cheaper than all of it where that has to be fetched. */
  default Optional<ReviewState> state(String ticket) {
    return find(ticket).map(ReviewItem::state);
  }

  /**
   * Decides. The same decision once more gives what the first gave.
   *
   * @param reviewer who decides, 1 to 200 characters
   * @throws ReviewException if the ticket is unknown or has expired, or something else was decided
   */
  ReviewItem decide(String ticket, Decision decision, String reviewer);

  /** A page of items as they stand now, oldest first. */
  ReviewPage list(ReviewFilter filter);

  /** Counts over all that are kept. */
  ReviewStats stats();

  /**
   * Completes with the item when it is decided or has expired. Cancelling it touches nobody else.
   * After a restart, ask again: the ticket is all that is needed. Fails with {@link
   * ReviewException} if the ticket is unknown.
   */
  CompletionStage<ReviewItem> settled(String ticket);
}
