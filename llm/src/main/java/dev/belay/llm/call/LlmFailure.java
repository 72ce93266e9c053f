package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmException;

/** A call brought no answer that stands. Which of its kinds it is says what to do. */
public abstract sealed class LlmFailure extends LlmException
    permits ProviderFailed,
        ValidationExhausted,
        HumanReviewNeeded,
        ReviewRejected,
        BudgetExceeded,
        NoProgress,
        AnswerTruncated,
        ContentBlocked {
  private static final long serialVersionUID = 1L;

  private final transient LlmReport report;

  LlmFailure(String message, LlmReport report) {
    super(message);
    this.report = requireNonNull(report, "report");
  }

  LlmFailure(String message, LlmReport report, Throwable cause) {
    super(message, cause);
    this.report = requireNonNull(report, "report");
  }

  /** All attempts and what they cost. */
  public LlmReport report() {
    return report;
  }
}
