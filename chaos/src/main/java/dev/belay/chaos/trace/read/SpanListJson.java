package dev.belay.chaos.trace.read;

import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Traces as lists of spans: Jaeger's, in microseconds, and plain ones, in milliseconds. Both write
 * much the same under many names. For one document.
 */
final class SpanListJson {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  private final int most;
  private final List<Span> spans = new ArrayList<>();

  private SpanListJson(int most) {
    this.most = most;
  }

  /** What Jaeger's query service answers: {@code data} holds the traces. */
  static List<Span> jaeger(Node answer, int most) throws UnreadableSpans {
    SpanListJson reader = new SpanListJson(most);
    for (Node trace : answer.nodes("data")) {
      reader.trace(trace, MICRO);
    }
    return reader.spans;
  }

  /** One trace with its id around it, as in Jaeger's answer. */
  static List<Span> one(Node trace, int most) throws UnreadableSpans {
    SpanListJson reader = new SpanListJson(most);
    boolean jaeger = trace.value("traceID", "processes").isPresent();
    reader.trace(trace, jaeger ? MICRO : MILLI);
    return reader.spans;
  }

  private void trace(Node trace, long unit) throws UnreadableSpans {
    String id = trace.text("traceID", "traceId", "trace_id");
    for (Node span : trace.nodes("spans")) {
      if (spans.size() == most) {
        throw UnreadableSpans.large("more than %d spans".formatted(most));
      }
      spans.add(span(span, new Around(id, trace.node("processes"), unit)));
    }
  }

  /** What a trace says of all its spans. */
  private record Around(String trace, Node processes, long unit) {}

  private static Span span(Node node, Around around) throws UnreadableSpans {
    Draft draft = new Draft();
    String trace = node.text("traceID", "traceId", "trace_id");
    draft.trace = trace.isEmpty() ? around.trace() : trace;
    draft.span = node.text("spanID", "spanId", "span_id", "id");
    draft.parent = parent(node, draft.trace);
    draft.operation = node.text("operationName", "operation_name", "operation", "name");
    tags(node, draft);
    for (Node log : node.nodes("logs")) {
      draft.log(log(log));
    }
    draft.service = service(node, around, draft);
    draft.kind = kind(node, draft);
    draft.error = error(node, draft);
    draft.startNanos = time(node, "start", around.unit());
    draft.endNanos = end(draft, time(node, "duration", around.unit()));
    return draft.build();
  }

  private static long end(Draft draft, long duration) throws UnreadableSpans {
    if (draft.startNanos > Long.MAX_VALUE - Math.max(0, duration)) {
      throw UnreadableSpans.wrong("span %s ends after 2262".formatted(draft.span));
    }
    return draft.startNanos + Math.max(0, duration);
  }

  private static String parent(Node node, String trace) throws UnreadableSpans {
    String parent = node.text("parentSpanID", "parentSpanId", "parent_span_id", "parent_id");
    if (!parent.isEmpty()) {
      return parent;
    }
    String followed = "";
    for (Node reference : node.nodes("references")) {
      String other = reference.text("traceID", "traceId");
      if (other.isEmpty() || other.equals(trace)) {
        if (reference.text("refType").equals("CHILD_OF")) {
          return reference.text("spanID", "spanId");
        }
        followed = followed.isEmpty() ? reference.text("spanID", "spanId") : followed;
      }
    }
    return followed;
  }

  /** Tags are a list of keys and values, or an object. */
  private static void tags(Node node, Draft draft) throws UnreadableSpans {
    Optional<Object> tags = node.value("tags", "attributes");
    if (tags.isPresent() && tags.get() instanceof Map<?, ?> byKey) {
      byKey.forEach((key, value) -> draft.tag(String.valueOf(key), String.valueOf(value)));
      return;
    }
    for (Node tag : node.nodes("tags", "attributes")) {
      draft.tag(tag.text("key"), tag.text("value", "vStr"));
    }
  }

  private static String log(Node log) throws UnreadableSpans {
    List<Attribute> fields = new ArrayList<>();
    for (Node field : log.nodes("fields")) {
      fields.add(new Attribute(field.text("key"), field.text("value")));
    }
    return Attribute.line(log.text("message", "name", "event"), fields);
  }

  private static String service(Node node, Around around, Draft draft) {
    String service = node.text("serviceName", "service_name", "service");
    if (service.isEmpty()) {
      Node process = node.node("process");
      Node known = around.processes().node(node.text("processID", "processId"));
      service = process.text("serviceName");
      service = service.isEmpty() ? known.text("serviceName") : service;
    }
    return service.isEmpty() ? draft.tags().getOrDefault("service.name", "") : service;
  }

  private static SpanKind kind(Node node, Draft draft) {
    String said = node.text("kind");
    String name = said.isEmpty() ? draft.tags().getOrDefault("span.kind", "") : said;
    for (SpanKind kind : SpanKind.values()) {
      if (kind.name().equalsIgnoreCase(name)) {
        return kind;
      }
    }
    return SpanKind.INTERNAL;
  }

  private static boolean error(Node node, Draft draft) {
    return Status.isError(node.text("status"))
        || Status.isError(node.node("status").text("code"))
        || node.text("error").equals("true")
        || draft.tags().getOrDefault("error", "").equalsIgnoreCase("true")
        || Status.isError(draft.tags().getOrDefault("otel.status_code", ""));
  }

  /** A time whose name may say its unit. */
  private static long time(Node node, String what, long unit) throws UnreadableSpans {
    Optional<Object> nanos = node.value(what + "_ns", what + "Nanos");
    if (nanos.isPresent()) {
      return Nanos.of(nanos.get(), 1);
    }
    Optional<Object> micros = node.value(what + "_us", what + "Micros");
    if (micros.isPresent()) {
      return Nanos.of(micros.get(), MICRO);
    }
    Optional<Object> millis = node.value(what + "_ms", what + "Millis");
    if (millis.isPresent()) {
      return Nanos.of(millis.get(), MILLI);
    }
    Optional<Object> written = node.value(what + "Time", what + "_time", what);
    return written.isEmpty() ? 0 : Nanos.of(written.get(), unit);
  }
}
