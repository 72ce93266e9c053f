package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.correct.FailedAnswer;
import java.util.List;

/** A person has to decide. Holds all that a queue of such cases needs; no secret is in it. */
public final class HumanReviewNeeded extends LlmFailure {
  private static final long serialVersionUID = 1L;

  private final transient Context context;

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
    super("a person has to decide: " + context.reason(), report);
    this.context = context;
  }

  /** What the person needs to know. */
  public Context context() {
    return context;
  }
}
