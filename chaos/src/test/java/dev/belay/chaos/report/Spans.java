package dev.belay.chaos.report;

import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A trace by hand: each call is a span of the callee, below that of its caller. */
final class Spans {
  static final long MILLI = 1_000_000;

  private final String traceId;
  private final List<Span> spans = new ArrayList<>();

  Spans(String traceId) {
    this.traceId = traceId;
  }

  /** A service that is entered; its id is its place, counted from 1. */
  Spans serves(int parent, String service, long fromMillis, long millis, boolean error) {
    return add(parent, service, SpanKind.SERVER, fromMillis, millis, error);
  }

  /** A call that a service makes. */
  Spans calls(int parent, String service, long fromMillis, long millis) {
    return add(parent, service, SpanKind.CLIENT, fromMillis, millis, false);
  }

  private Spans add(
      int parent, String service, SpanKind kind, long fromMillis, long millis, boolean error) {
    Optional<String> above = parent == 0 ? Optional.empty() : Optional.of("s" + parent);
    spans.add(
        new Span(
            new SpanId(traceId, "s" + (spans.size() + 1), above),
            service,
            "GET /" + service,
            kind,
            fromMillis * MILLI,
            millis * MILLI,
            new Span.Outcome(error, Map.of(), List.of())));
    return this;
  }

  Trace trace() {
    return new Trace(spans, true);
  }
}
