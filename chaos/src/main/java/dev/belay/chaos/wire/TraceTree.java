package dev.belay.chaos.wire;

import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Traces as trees, with times in nanoseconds. */
public final class TraceTree {
  private TraceTree() {}

  /** The tree of a trace. */
  public static Map<String, Object> write(Trace trace) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("trace_id", trace.id());
    tree.put("complete", trace.complete());
    tree.put("spans", trace.spans().stream().map(TraceTree::write).toList());
    return tree;
  }

  private static Map<String, Object> write(Span span) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("span_id", span.id().span());
    span.id().parent().ifPresent(parent -> tree.put("parent_id", parent));
    tree.put("service", span.service());
    tree.put("operation", span.operation());
    tree.put("kind", span.kind().name().toLowerCase(Locale.ROOT));
    tree.put("start_ns", span.startNanos());
    tree.put("duration_ns", span.durationNanos());
    if (span.error()) {
      tree.put("error", true);
    }
    if (!span.outcome().tags().isEmpty()) {
      tree.put("tags", span.outcome().tags());
    }
    if (!span.outcome().logs().isEmpty()) {
      tree.put("logs", span.outcome().logs());
    }
    return tree;
  }

  /**
   * The trace of a tree.
   *
   * @throws WireException if it is none; names the place
   */
  public static Trace read(Tree tree) {
    String id = tree.text("trace_id");
    boolean complete = tree.yesNo("complete", true);
    List<Span> spans = tree.trees("spans").stream().map(span -> span(id, span)).toList();
    tree.close();
    return tree.build(() -> new Trace(spans, complete));
  }

  private static Span span(String trace, Tree tree) {
    Span span =
        tree.build(() ->
            new Span(
                new SpanId(trace, tree.text("span_id"), tree.maybeText("parent_id")),
                tree.text("service"),
                tree.text("operation"),
                kind(tree),
                tree.whole("start_ns", Long.MIN_VALUE, Long.MAX_VALUE),
                tree.whole("duration_ns", 0, Long.MAX_VALUE),
                new Span.Outcome(
                    tree.yesNo("error", false), tree.textsByKey("tags"), tree.texts("logs"))));
    tree.close();
    return span;
  }

  private static SpanKind kind(Tree tree) {
    String name = tree.maybeText("kind").orElse("internal");
    for (SpanKind kind : SpanKind.values()) {
      if (kind.name().equalsIgnoreCase(name)) {
        return kind;
      }
    }
    throw tree.wrong("kind", "one of internal, server, client, producer, consumer");
  }
}
