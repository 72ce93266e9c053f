package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.budget.Shortage;

/** The call's budget does not allow what would come next. */
public final class BudgetExceeded extends LlmFailure {
  private static final long serialVersionUID = 1L;

  private final transient Shortage shortage;

  BudgetExceeded(Shortage shortage, LlmReport report) {
    super("the call's budget is too small: " + shortage.why(), report);
    this.shortage = requireNonNull(shortage, "shortage");
  }

  /** What ran short. */
  public Shortage shortage() {
    return shortage;
  }
}
