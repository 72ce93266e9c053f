package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.ProviderError;
import java.time.Duration;
import java.time.Instant;

/** No provider of the route gave an answer, or none would take the request. */
public final class ProviderFailed extends LlmFailure {
  private static final long serialVersionUID = 1L;

  private final transient ProviderError error;
  private final Instant retryAt;
  private final Duration retryAfter;

  ProviderFailed(
      String message, LlmReport report, ProviderError error, Instant retryAt, Duration retryAfter) {
    super(message, report);
    this.error = requireNonNull(error, "error");
    this.retryAt = requireNonNull(retryAt, "retryAt");
    this.retryAfter = requireNonNull(retryAfter, "retryAfter");
  }

  /** What the last provider said. */
  public ProviderError error() {
    return error;
  }

  /** When it may be worth calling again; {@link Instant#MIN} if nobody knows. */
  public Instant retryAt() {
    return retryAt;
  }

  /** The same, counted from when the call failed; zero if nobody knows. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
