package dev.belay.llm.call;

import dev.belay.llm.correct.FailedAnswer;
import java.util.List;

/** The model gives the same answer with the same faults: asking on would only cost money. */
public final class NoProgress extends LlmFailure {
  private static final long serialVersionUID = 1L;

  private final transient List<FailedAnswer> failed;

  NoProgress(String message, LlmReport report, List<FailedAnswer> failed) {
    super(message, report);
    this.failed = List.copyOf(failed);
  }

  /** All answers with what is wrong with them, oldest first. */
  public List<FailedAnswer> failed() {
    return failed;
  }
}
