package dev.belay.chaos.trace.read;

import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanKind;
import java.util.ArrayList;
import java.util.List;

/**
 * OTLP's request to export traces, as protobuf. Fields may come in any order, and those that are
 * not needed are passed over, whatever they are. For one document.
 */
final class OtlpProtobuf {
  // ExportTraceServiceRequest, ResourceSpans, Resource and ScopeSpans
  private static final int RESOURCE_SPANS = Fields.tag(1, Fields.BYTES);
  private static final int RESOURCE = Fields.tag(1, Fields.BYTES);
  private static final int RESOURCE_ATTRIBUTE = Fields.tag(1, Fields.BYTES);
  private static final int SCOPE_SPANS = Fields.tag(2, Fields.BYTES);
  private static final int SPAN = Fields.tag(2, Fields.BYTES);
  // Span
  private static final int TRACE_ID = Fields.tag(1, Fields.BYTES);
  private static final int SPAN_ID = Fields.tag(2, Fields.BYTES);
  private static final int PARENT = Fields.tag(4, Fields.BYTES);
  private static final int NAME = Fields.tag(5, Fields.BYTES);
  private static final int KIND = Fields.tag(6, Fields.VARINT);
  private static final int START = Fields.tag(7, Fields.FIXED64);
  private static final int END = Fields.tag(8, Fields.FIXED64);
  private static final int ATTRIBUTE = Fields.tag(9, Fields.BYTES);
  private static final int EVENT = Fields.tag(11, Fields.BYTES);
  private static final int STATUS = Fields.tag(15, Fields.BYTES);
  // Event and Status
  private static final int EVENT_NAME = Fields.tag(2, Fields.BYTES);
  private static final int EVENT_ATTRIBUTE = Fields.tag(3, Fields.BYTES);
  private static final int MESSAGE = Fields.tag(2, Fields.BYTES);
  private static final int CODE = Fields.tag(3, Fields.VARINT);

  /** By number, from 1. */
  private static final List<SpanKind> KINDS =
      List.of(
          SpanKind.INTERNAL,
          SpanKind.SERVER,
          SpanKind.CLIENT,
          SpanKind.PRODUCER,
          SpanKind.CONSUMER);

  private final int most;
  private final List<Span> spans = new ArrayList<>();

  private OtlpProtobuf(int most) {
    this.most = most;
  }

  static List<Span> read(byte[] bytes, int most) throws UnreadableSpans {
    OtlpProtobuf reader = new OtlpProtobuf(most);
    Fields request = new Fields(bytes);
    while (request.next()) {
      if (request.tag() == RESOURCE_SPANS) {
        reader.resourceSpans(request.message());
      } else {
        request.skip();
      }
    }
    return reader.spans;
  }

  private void resourceSpans(Fields fields) throws UnreadableSpans {
    String service = "";
    List<Fields> scopes = new ArrayList<>();
    while (fields.next()) {
      if (fields.tag() == RESOURCE) {
        String named = service(fields.message());
        service = named.isEmpty() ? service : named;
      } else if (fields.tag() == SCOPE_SPANS) {
        scopes.add(fields.message()); // the resource may come after its spans
      } else {
        fields.skip();
      }
    }
    for (Fields scope : scopes) {
      while (scope.next()) {
        if (scope.tag() == SPAN) {
          add(scope.message(), service);
        } else {
          scope.skip();
        }
      }
    }
  }

  private static String service(Fields resource) throws UnreadableSpans {
    String service = "";
    while (resource.next()) {
      if (resource.tag() == RESOURCE_ATTRIBUTE) {
        Attribute attribute = Attribute.read(resource.message(), 0);
        service = attribute.key().equals("service.name") ? attribute.value() : service;
      } else {
        resource.skip();
      }
    }
    return service;
  }

  private void add(Fields fields, String service) throws UnreadableSpans {
    if (spans.size() == most) {
      throw UnreadableSpans.large("more than %d spans".formatted(most));
    }
    Draft draft = new Draft();
    draft.service = service;
    while (fields.next()) {
      field(fields, draft);
    }
    draft.trace = Ids.trace(draft.trace);
    draft.span = Ids.span(draft.span);
    draft.parent = Ids.parent(draft.parent);
    spans.add(draft.build());
  }

  private static void field(Fields fields, Draft draft) throws UnreadableSpans {
    int tag = fields.tag();
    if (tag == TRACE_ID) {
      draft.trace = fields.hex();
    } else if (tag == SPAN_ID) {
      draft.span = fields.hex();
    } else if (tag == PARENT) {
      draft.parent = fields.hex();
    } else if (tag == NAME) {
      draft.operation = fields.text();
    } else if (tag == KIND) {
      draft.kind = kind(fields.varint());
    } else if (tag == START) {
      draft.startNanos = fields.fixed64();
    } else if (tag == END) {
      draft.endNanos = fields.fixed64();
    } else if (tag == ATTRIBUTE) {
      Attribute attribute = Attribute.read(fields.message(), 0);
      draft.tag(attribute.key(), attribute.value());
    } else if (tag == EVENT) {
      draft.log(event(fields.message()));
    } else if (tag == STATUS) {
      status(fields.message(), draft);
    } else {
      fields.skip();
    }
  }

  /** The kind of a number; what OpenTelemetry does not say, or adds later, is internal work. */
  static SpanKind kind(long number) {
    return number >= 1 && number <= KINDS.size() ? KINDS.get((int) number - 1) : SpanKind.INTERNAL;
  }

  private static String event(Fields fields) throws UnreadableSpans {
    String name = "";
    List<Attribute> attributes = new ArrayList<>();
    while (fields.next()) {
      if (fields.tag() == EVENT_NAME) {
        name = fields.text();
      } else if (fields.tag() == EVENT_ATTRIBUTE && attributes.size() < Draft.MOST) {
        attributes.add(Attribute.read(fields.message(), 0));
      } else {
        fields.skip();
      }
    }
    return Attribute.line(name, attributes);
  }

  private static void status(Fields fields, Draft draft) throws UnreadableSpans {
    while (fields.next()) {
      if (fields.tag() == CODE) {
        draft.error = fields.varint() == 2;
      } else if (fields.tag() == MESSAGE) {
        draft.tag("otel.status_description", fields.text());
      } else {
        fields.skip();
      }
    }
  }
}
