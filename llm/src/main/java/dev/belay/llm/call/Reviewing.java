package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Problem;
import dev.belay.llm.correct.FailedAnswer;
import dev.belay.llm.correct.Stage;
import dev.belay.llm.form.Redaction;
import dev.belay.llm.review.Decision;
import dev.belay.llm.review.ReviewCase;
import dev.belay.llm.review.ReviewException;
import dev.belay.llm.review.ReviewItem;
import dev.belay.llm.review.ReviewQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Leaves calls to people.
 *
 * @param queue where they wait
 * @param timeToLive how long a person has to decide, above 0
 * @param hold how long the caller is kept waiting for a decision before it is told to come back, 0
 *     or more
 */
record Reviewing(ReviewQueue queue, Duration timeToLive, Duration hold) {
  /** Before the name of whoever decided. */
  static final String ENDPOINT = "review/";

  private static final LlmReport NOTHING = new LlmReport(List.of(), Spent.NOTHING, Duration.ZERO);

  Reviewing {
    requireNonNull(queue, "queue");
    Check.that(timeToLive.isPositive(), "time_to_live must be above 0, was %s", timeToLive);
    Check.that(!hold.isNegative(), "hold must be 0 or more, was %s", hold);
  }

  /** The same failure with a ticket; a queue that takes nothing more leaves it without one. */
  HumanReviewNeeded park(HumanReviewNeeded needed, Caller caller) {
    HumanReviewNeeded.Context context = needed.context();
    List<Problem> problems =
        context.failed().stream().flatMap(one -> one.problems().stream()).toList();
    ReviewCase parked =
        new ReviewCase(
            caller.tenant(),
            caller.key(),
            Answer.of(context.response().choices().getFirst(), context.request()),
            problems,
            context.attemptsMade(),
            context.lastAttemptIndex());
    try {
      return needed.parkedAs(queue.park(parked, timeToLive).ticket());
    } catch (RuntimeException refused) { // it is full, or its store is gone
      return needed.notParked(String.valueOf(refused.getMessage()));
    }
  }

  /** Whether it was decided, or has expired, while the caller was kept waiting. */
  boolean isSettledInTime(String ticket) throws InterruptedException {
    if (hold.isZero()) {
      return false;
    }
    CompletableFuture<ReviewItem> settled = queue.settled(ticket).toCompletableFuture();
    try {
      ReviewItem unused = settled.get(hold.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException gone) {
      return true; // whoever looks again is told why
    } finally {
      settled.cancel(true);
    }
  }

  /**
   * The item of a ticket.
   *
   * @throws ReviewException if there is none, or it is not this caller's
   */
  ReviewItem find(String ticket, Caller caller) {
    return queue
        .find(ticket)
        .filter(item -> item.parked().tenant().equals(tenant(caller)))
        .orElseThrow(() -> ReviewException.unknown(ticket));
  }

  /** As it is kept: without what looks like a secret. */
  private static String tenant(Caller caller) {
    return Redaction.text(caller.tenant());
  }

  /** What is still to be decided. */
  static HumanReviewNeeded stillOpen(ReviewItem item) {
    ReviewCase parked = item.parked();
    return new HumanReviewNeeded(
            NOTHING,
            new HumanReviewNeeded.Context(
                "nobody has decided yet",
                parked.answer().request(),
                response(item, parked.answer().text()),
                List.of(),
                parked.attemptsMade()))
        .parkedAs(item.ticket());
  }

  /** What a person let stand, or wrote. */
  static LlmResult result(ReviewItem item, String reviewer, String text) {
    return new LlmResult(response(item, text), ENDPOINT + reviewer, List.of(), NOTHING);
  }

  private static LlmResponse response(ReviewItem item, String text) {
    Answer seen = item.parked().answer();
    LlmResponse.Choice choice =
        new LlmResponse.Choice(text, seen.toolCalls(), seen.refusal(), seen.finish());
    return new LlmResponse(item.ticket(), seen.request().model(), List.of(choice), Usage.NONE, "");
  }

  /** What the model is told when it is asked again: all faults of its last answer, and the note. */
  static FailedAnswer last(ReviewItem item, Decision.Retry retry) {
    List<Problem> problems = new ArrayList<>(item.parked().problems());
    problems.add(Problem.of("reviewer", retry.note()));
    return new FailedAnswer(
        item.parked().attemptsMade(), Stage.BASIC, item.parked().answer(), problems);
  }
}
