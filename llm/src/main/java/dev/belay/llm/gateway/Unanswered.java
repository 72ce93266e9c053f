package dev.belay.llm.gateway;

import dev.belay.llm.budget.Shortage;
import dev.belay.llm.call.AnswerTruncated;
import dev.belay.llm.call.BudgetExceeded;
import dev.belay.llm.call.ContentBlocked;
import dev.belay.llm.call.HumanReviewNeeded;
import dev.belay.llm.call.LlmFailure;
import dev.belay.llm.call.NoProgress;
import dev.belay.llm.call.ProviderFailed;
import dev.belay.llm.call.ReviewRejected;
import dev.belay.llm.call.ValidationExhausted;
import dev.belay.llm.front.GatewayError;
import dev.belay.llm.review.ReviewException;

/** Says to clients why a call brought no answer that stands. */
final class Unanswered {
  private static final int UNPROCESSABLE = 422;

  private Unanswered() {}

  static GatewayError of(LlmFailure failure) {
    return switch (failure) {
      case ProviderFailed provider -> Failures.of(provider.error(), provider.retryAfter());
      case BudgetExceeded budget when budget.shortage().what() == Shortage.What.DEADLINE ->
          GatewayError.of(504, "deadline_exceeded", message(budget));
      case BudgetExceeded budget -> error("budget_exceeded", budget);
      // no status that clients take for a reason to ask again by themselves
      case HumanReviewNeeded review ->
          GatewayError.of(
              UNPROCESSABLE,
              "human_review_needed",
              review
                  .ticket()
                  .map(ticket ->
                      "A person has to decide; send the same request with x-belay-review: %s later."
                          .formatted(ticket))
                  .orElse(message(review)));
      case ReviewRejected rejected -> error("review_rejected", rejected);
      case ContentBlocked blocked -> error("content_blocked", blocked);
      case AnswerTruncated truncated -> error("answer_truncated", truncated);
      case NoProgress stuck -> error("no_valid_answer", stuck);
      case ValidationExhausted exhausted -> error("no_valid_answer", exhausted);
    };
  }

  static GatewayError of(ReviewException failure) {
    return switch (failure.reason()) {
      case UNKNOWN -> GatewayError.of(404, "review_unknown", message(failure));
      case EXPIRED -> GatewayError.of(410, "review_expired", message(failure));
      case DECIDED -> error("review_decided", failure);
      case FULL -> GatewayError.of(503, "reviews_full", message(failure));
    };
  }

  private static GatewayError error(String code, Throwable failure) {
    return GatewayError.of(UNPROCESSABLE, code, message(failure));
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
