package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.correct.FailedAnswer;
import java.util.List;
import java.util.Optional;

/**
 * A person has to decide. If the client has a queue for that, the call is parked there under a
 * ticket, and {@link LlmCall#afterReview} goes on with it after the decision.
 */
public final class HumanReviewNeeded extends LlmFailure {
  private static final long serialVersionUID = 1L;

  private final transient Context context;
  private final String ticket;

  /**
   * What the person needs to know. Immutable.
   *
   * @param reason why a person has to decide
   * @param request as the caller made it
   * @param response the last answer
   * @param failed all answers with what is wrong with them, oldest first; the last one is missing
   *     if it could not be found out whether it stands
   * @param attemptsMade answers that were asked for
   */
  public record Context(
      String reason,
      LlmRequest request,
      LlmResponse response,
      List<FailedAnswer> failed,
      int attemptsMade) {
    /** Keeps a copy. */
    public Context {
      requireNonNull(reason, "reason");
      requireNonNull(request, "request");
      requireNonNull(response, "response");
      failed = List.copyOf(failed);
    }

    /** The last answer that was asked for, counted from 0. */
    public int lastAttemptIndex() {
      return attemptsMade - 1;
    }
  }

  HumanReviewNeeded(LlmReport report, Context context) {
    this(report, context, "", "");
  }

  private HumanReviewNeeded(LlmReport report, Context context, String ticket, String more) {
    super("a person has to decide: " + context.reason() + more, report);
    this.context = context;
    this.ticket = ticket;
  }

  HumanReviewNeeded parkedAs(String given) {
    return new HumanReviewNeeded(report(), context, given, "; parked as " + given);
  }

  HumanReviewNeeded notParked(String why) {
    return new HumanReviewNeeded(report(), context, "", "; could not be parked: " + why);
  }

  /** Under which it is parked; empty if it is not. */
  public Optional<String> ticket() {
    return Optional.of(ticket).filter(text -> !text.isEmpty());
  }

  /** What the person needs to know. */
  public Context context() {
    return context;
  }
}
