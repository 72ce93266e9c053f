package dev.belay.chaos.trace;

import dev.belay.Check;
import java.util.Optional;

/**
 * Where a span stands in its trace.
 *
 * @param trace the trace it belongs to; not empty
 * @param span its own id, unique in the trace; not empty
 * @param parent the span that caused it, none for the root
 */
public record SpanId(String trace, String span, Optional<String> parent) {
  public SpanId {
    Check.that(!trace.isEmpty(), "trace id must not be empty");
    Check.that(!span.isEmpty(), "span id must not be empty");
    Check.that(
        parent.isEmpty() || !parent.get().isEmpty(), "parent id must not be empty if there is one");
  }
}
