package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.budget.Spent;
import java.time.Duration;
import java.util.List;

/** A person decided that there will be no answer. */
public final class ReviewRejected extends LlmFailure {
  private static final long serialVersionUID = 1L;

  private final String reason;

  ReviewRejected(String reviewer, String reason) {
    super(
        "%s rejected the answer: %s".formatted(reviewer, reason),
        new LlmReport(List.of(), Spent.NOTHING, Duration.ZERO));
    this.reason = requireNonNull(reason, "reason");
  }

  /** In the person's words. */
  public String reason() {
    return reason;
  }
}
