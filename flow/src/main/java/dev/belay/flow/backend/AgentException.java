package dev.belay.flow.backend;

import static java.util.Objects.requireNonNull;

import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Spend;
import java.io.Serial;
import java.util.Optional;

/** An attempt did not do what was asked. Its message says why, and what to do about it. */
public final class AgentException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final OutcomeClass outcome;
  private final transient Optional<UsageLimit> limit;
  private final transient Spend spend;

  /**
   * A failure.
   *
   * @param outcome how it ended; neither {@link OutcomeClass#SUCCESS} nor {@link
   *     OutcomeClass#CANCELLED}
   * @param message without secrets
   * @param limit until when the account may do nothing; empty unless it is rate limited
   * @param spend what it had used up all the same
   */
  public AgentException(
      OutcomeClass outcome, String message, Optional<UsageLimit> limit, Spend spend) {
    super(message);
    this.outcome = requireNonNull(outcome, "outcome");
    this.limit = requireNonNull(limit, "limit");
    this.spend = requireNonNull(spend, "spend");
    if (outcome == OutcomeClass.SUCCESS || outcome == OutcomeClass.CANCELLED) {
      throw new IllegalArgumentException("a failure cannot end in " + outcome);
    }
  }

  /** A failure that cost nothing, as far as is known. */
  public AgentException(OutcomeClass outcome, String message) {
    this(outcome, message, Optional.empty(), Spend.NONE);
  }

  /** How the attempt ended. */
  public OutcomeClass outcome() {
    return outcome;
  }

  /** When the account may be used again, if it is rate limited and that was said. */
  public Optional<UsageLimit> limit() {
    return limit;
  }

  /** What was used up. */
  public Spend spend() {
    return spend;
  }
}
