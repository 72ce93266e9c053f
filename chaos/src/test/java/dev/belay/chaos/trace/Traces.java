package dev.belay.chaos.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds traces for tests; times in milliseconds. */
public final class Traces {
  private final List<Span> spans = new ArrayList<>();

  private Traces() {}

  public static Traces begin() {
    return new Traces();
  }

  /** One service that does some operations one after the other, 10 ms each. */
  public static Trace ops(String... operations) {
    Traces traces = begin();
    for (int i = 0; i < operations.length; i++) {
      traces.span("s" + i, i == 0 ? "" : "s0", "svc", operations[i], i * 10L, 10);
    }
    return traces.trace();
  }

  public Traces span(
      String id, String parent, String service, String operation, long start, long length) {
    return add(id, parent, service, operation, SpanKind.SERVER, start, length, Span.Outcome.OK);
  }

  public Traces failed(
      String id, String parent, String service, String operation, long start, long length) {
    Span.Outcome failed = new Span.Outcome(true, Map.of(), List.of());
    return add(id, parent, service, operation, SpanKind.SERVER, start, length, failed);
  }

  public Traces client(
      String id, String parent, String service, String peer, long start, long length) {
    Span.Outcome outcome = new Span.Outcome(false, Map.of("peer.service", peer), List.of());
    return add(id, parent, service, "GET", SpanKind.CLIENT, start, length, outcome);
  }

  private Traces add(
      String id,
      String parent,
      String service,
      String operation,
      SpanKind kind,
      long start,
      long length,
      Span.Outcome outcome) {
    Optional<String> above = parent.isEmpty() ? Optional.empty() : Optional.of(parent);
    spans.add(
        new Span(
            new SpanId("t", id, above),
            service,
            operation,
            kind,
            start * 1_000_000,
            length * 1_000_000,
            outcome));
    return this;
  }

  public Trace trace() {
    return new Trace(spans, true);
  }

  public Trace incomplete() {
    return new Trace(spans, false);
  }
}
