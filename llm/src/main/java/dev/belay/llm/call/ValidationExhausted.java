package dev.belay.llm.call;

import dev.belay.llm.correct.FailedAnswer;
import java.util.List;

/** Answers came, and none of them stands; or it could not be found out whether one does. */
public final class ValidationExhausted extends LlmFailure {
  private static final long serialVersionUID = 1L;

  private final transient List<FailedAnswer> failed;

  ValidationExhausted(String message, LlmReport report, List<FailedAnswer> failed) {
    super(message, report);
    this.failed = List.copyOf(failed);
  }

  /** All answers with what is wrong with them, oldest first. */
  public List<FailedAnswer> failed() {
    return failed;
  }
}
