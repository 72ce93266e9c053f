package dev.belay.chaos.trace.read;

import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.Trace;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads spans, and never more of them than its limits allow. Of a span 128 tags and 128 logs are
 * kept, and of each text 1,024 characters. Safe for any number of threads.
 *
 * <p>Whatever the bytes are, the only thing that is thrown is {@link UnreadableSpans}.
 */
public final class SpanReader {
  private final ReadLimits limits;

  /** Reads as much as the limits allow. */
  public SpanReader(ReadLimits limits) {
    this.limits = limits;
  }

  /** How much it reads. */
  public ReadLimits limits() {
    return limits;
  }

  /**
   * The spans of an OTLP request as protobuf, packed with gzip or not.
   *
   * @throws UnreadableSpans if it is none, or too large
   */
  public List<Span> protobuf(byte[] body) throws UnreadableSpans {
    return List.copyOf(OtlpProtobuf.read(plain(body), limits.spans()));
  }

  /**
   * The spans of a JSON document, packed with gzip or not: an OTLP request, an answer of Jaeger's
   * query service ({@code data}), one trace of it ({@code traceID}, {@code spans}), or a plain list
   * of spans in milliseconds.
   *
   * @throws UnreadableSpans if it is none of these, or too large
   */
  public List<Span> json(byte[] body) throws UnreadableSpans {
    Node node = parsed(plain(body));
    if (node.value("resourceSpans", "resource_spans").isPresent()) {
      return List.copyOf(OtlpJson.read(node, limits.spans()));
    }
    if (node.value("data").isPresent()) {
      return List.copyOf(SpanListJson.jaeger(node, limits.spans()));
    }
    if (node.value("spans").isPresent()) {
      return List.copyOf(SpanListJson.one(node, limits.spans()));
    }
    if (node.members().isEmpty()) {
      return List.of(); // a request without spans is right, too
    }
    throw UnreadableSpans.wrong("spans must be under resourceSpans, data or spans, or be a list");
  }

  private static Node parsed(byte[] body) throws UnreadableSpans {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    try {
      return Node.of(Json.read(text.startsWith("[") ? "{\"spans\":" + text + "}" : text).members());
    } catch (WireException broken) {
      throw UnreadableSpans.wrong(String.valueOf(broken.getMessage()));
    }
  }

  private byte[] plain(byte[] body) throws UnreadableSpans {
    if (Gzip.isPacked(body)) {
      return Gzip.unpacked(body, limits.bytes());
    }
    if (body.length > limits.bytes()) {
      throw UnreadableSpans.large("more than %d bytes".formatted(limits.bytes()));
    }
    return body;
  }

  /**
   * Spans put together to traces, in the order in which they first appear. Of spans with the same
   * id in one trace the first counts: exporters send again what they got no answer for.
   */
  public static List<Trace> traces(List<Span> spans) {
    Map<String, Map<String, Span>> byTrace = new LinkedHashMap<>();
    for (Span span : spans) {
      byTrace
          .computeIfAbsent(span.id().trace(), none -> new LinkedHashMap<>())
          .putIfAbsent(span.id().span(), span);
    }
    return byTrace.values().stream()
        .map(trace -> new Trace(List.copyOf(trace.values()), true))
        .toList();
  }
}
