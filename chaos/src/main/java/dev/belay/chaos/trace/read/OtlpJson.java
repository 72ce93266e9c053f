package dev.belay.chaos.trace.read;

import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** OTLP's request to export traces, as JSON: ids are hexadecimal, long numbers are texts. */
final class OtlpJson {
  private static final String KIND_PREFIX = "SPAN_KIND_";

  private OtlpJson() {}

  static List<Span> read(Node request, int most) throws UnreadableSpans {
    List<Span> spans = new ArrayList<>();
    for (Node resource : request.nodes("resourceSpans", "resource_spans")) {
      String service = "";
      for (Attribute attribute : attributes(resource.node("resource"))) {
        service = attribute.key().equals("service.name") ? attribute.value() : service;
      }
      for (Node scope :
          resource.nodes("scopeSpans", "scope_spans", "instrumentationLibrarySpans")) {
        for (Node span : scope.nodes("spans")) {
          if (spans.size() == most) {
            throw UnreadableSpans.large("more than %d spans".formatted(most));
          }
          spans.add(span(span, service));
        }
      }
    }
    return spans;
  }

  private static Span span(Node node, String service) throws UnreadableSpans {
    Draft draft = new Draft();
    draft.service = service;
    draft.trace = Ids.trace(node.text("traceId", "trace_id"));
    draft.span = Ids.span(node.text("spanId", "span_id"));
    draft.parent = Ids.parent(node.text("parentSpanId", "parent_span_id"));
    draft.operation = node.text("name");
    draft.kind = kind(node.text("kind"));
    draft.startNanos = time(node, "startTimeUnixNano", "start_time_unix_nano");
    draft.endNanos = time(node, "endTimeUnixNano", "end_time_unix_nano");
    for (Attribute attribute : attributes(node)) {
      draft.tag(attribute.key(), attribute.value());
    }
    for (Node event : node.nodes("events")) {
      draft.log(Attribute.line(event.text("name"), attributes(event)));
    }
    Node status = node.node("status");
    draft.error = Status.isError(status.text("code"));
    if (!status.text("message").isEmpty()) {
      draft.tag("otel.status_description", status.text("message"));
    }
    return draft.build();
  }

  private static long time(Node node, String... names) throws UnreadableSpans {
    Optional<Object> written = node.value(names);
    return written.isEmpty() ? 0 : Nanos.of(written.get(), 1);
  }

  /** The kind of a number, as it should be, or of a name. */
  private static SpanKind kind(String written) {
    if (written.length() == 1) {
      return OtlpProtobuf.kind(Character.digit(written.charAt(0), 10));
    }
    String name = written.toUpperCase(Locale.ROOT).replace(KIND_PREFIX, "");
    for (SpanKind kind : SpanKind.values()) {
      if (name.equals(kind.name())) {
        return kind;
      }
    }
    return SpanKind.INTERNAL;
  }

  private static List<Attribute> attributes(Node node) throws UnreadableSpans {
    List<Attribute> attributes = new ArrayList<>();
    for (Node attribute : node.nodes("attributes")) {
      attributes.add(new Attribute(attribute.text("key"), value(attribute.node("value"))));
    }
    return attributes;
  }

  private static String value(Node value) throws UnreadableSpans {
    if (value.value("arrayValue").isPresent()) {
      List<String> items = new ArrayList<>();
      for (Node item : value.node("arrayValue").nodes("values")) {
        items.add(value(item));
      }
      return items.toString();
    }
    if (value.value("kvlistValue").isPresent()) {
      List<String> items = new ArrayList<>();
      for (Node item : value.node("kvlistValue").nodes("values")) {
        items.add(new Attribute(item.text("key"), value(item.node("value"))).toString());
      }
      return items.toString();
    }
    return value.text("stringValue", "boolValue", "intValue", "doubleValue", "bytesValue");
  }
}
