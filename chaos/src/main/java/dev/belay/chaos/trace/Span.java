package dev.belay.chaos.trace;

import dev.belay.Check;
import java.util.List;
import java.util.Map;

/**
 * A piece of work of one service within a trace. Times are nanoseconds, whatever the unit of the
 * format that it was read from.
 *
 * @param id where it stands in its trace
 * @param service the service that did the work; not empty
 * @param operation what it did, such as {@code GET /stock}
 * @param kind which end of a call it is
 * @param startNanos when it began, in nanoseconds since 1970 or since any other moment that is
 *     common to the whole trace
 * @param durationNanos how long it took, at least 0
 * @param outcome what came of it
 */
public record Span(
    SpanId id,
    String service,
    String operation,
    SpanKind kind,
    long startNanos,
    long durationNanos,
    Outcome outcome) {
  public Span {
    Check.that(!service.isEmpty(), "service of span %s must not be empty", id.span());
    Check.that(
        durationNanos >= 0, "duration of span %s must be >= 0, was %d", id.span(), durationNanos);
  }

  /**
   * What came of a span.
   *
   * @param error whether it is marked as failed
   * @param tags its attributes, such as {@code http.response.status_code}
   * @param logs the texts of its events
   */
  public record Outcome(boolean error, Map<String, String> tags, List<String> logs) {
    /** It worked, and nothing more is known. */
    public static final Outcome OK = new Outcome(false, Map.of(), List.of());

    public Outcome {
      tags = Map.copyOf(tags);
      logs = List.copyOf(logs);
    }
  }

  /** When it ended, in nanoseconds since the moment that {@code startNanos} counts from. */
  public long endNanos() {
    return startNanos + durationNanos;
  }

  /** Whether it is marked as failed. */
  public boolean error() {
    return outcome.error();
  }
}
