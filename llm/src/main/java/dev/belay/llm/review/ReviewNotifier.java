package dev.belay.llm.review;

/** Tells people that something waits for them: by mail, chat, or a page. */
@FunctionalInterface
public interface ReviewNotifier {
  /** Tells nobody. */
  ReviewNotifier NOBODY = item -> {};

  /**
   * An item was parked, decided, or has expired. Called outside any lock; what it throws is
   * dropped, for a notifier that fails must not lose the review.
   */
  void changed(ReviewItem item);
}
