package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmResponse;
import dev.belay.llm.Usage;
import dev.belay.llm.check.Problem;
import java.time.Duration;
import java.util.List;

/**
 * An answer that stands, and how it came to be. Immutable.
 *
 * @param response the answer; where a check has put its text right, with that text
 * @param endpoint the name of who gave it
 * @param warnings what is not as it should be but was let pass
 * @param report all attempts and what they cost
 */
public record LlmResult(
    LlmResponse response, String endpoint, List<Problem> warnings, LlmReport report) {
  /** Keeps a copy. */
  public LlmResult {
    requireNonNull(response, "response");
    requireNonNull(endpoint, "endpoint");
    warnings = List.copyOf(warnings);
    requireNonNull(report, "report");
  }

  /** The text of the answer. */
  public String text() {
    return response.text();
  }

  /** Requests that were sent for it, of all sorts. */
  public int attempts() {
    return report.spent().attempts();
  }

  /** Answers that did not stand and were asked for again. */
  public int corrections() {
    return report.spent().corrections();
  }

  /** Tokens of all answers together. */
  public Usage usage() {
    return report.spent().usage();
  }

  /** What all answers together cost, in dollars. */
  public double dollars() {
    return report.spent().dollars();
  }

  /** How long was waited between attempts, at gates and between corrections. */
  public Duration waited() {
    return report.waited();
  }
}
