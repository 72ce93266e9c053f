package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.CallReport;
import dev.belay.llm.budget.Spent;
import java.time.Duration;
import java.util.List;

/**
 * What became of a call: each request with all its attempts, what they cost, how long was waited.
 * Holds no secret. Immutable.
 *
 * @param requests the first, and one for each correction
 * @param spent over all of them, failed ones and judges included
 * @param waited between attempts, at gates and between corrections
 */
public record LlmReport(List<CallReport> requests, Spent spent, Duration waited) {
  /** Keeps a copy. */
  public LlmReport {
    requests = List.copyOf(requests);
    requireNonNull(spent, "spent");
    requireNonNull(waited, "waited");
  }
}
