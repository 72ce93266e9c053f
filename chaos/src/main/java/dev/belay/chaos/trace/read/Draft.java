package dev.belay.chaos.trace.read;

import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.SpanKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A span of which not all has been read yet. For one thread. */
final class Draft {
  /** As many tags and logs as OpenTelemetry's own libraries keep by default. */
  static final int MOST = 128;

  private static final int LONGEST = 1_024;
  private static final String NAMELESS = "unknown_service";

  private final Map<String, String> tags = new LinkedHashMap<>();
  private final List<String> logs = new ArrayList<>();
  String trace = "";
  String span = "";
  String parent = "";
  String service = "";
  String operation = "";
  SpanKind kind = SpanKind.INTERNAL;
  boolean error;
  long startNanos;
  long endNanos;

  /** Notes a tag, as long as there are not too many. */
  void tag(String key, String value) {
    if (!key.isEmpty() && (tags.size() < MOST || tags.containsKey(key))) {
      tags.put(cut(key), cut(value));
    }
  }

  /** Notes a log, as long as there are not too many. */
  void log(String text) {
    if (!text.isBlank() && logs.size() < MOST) {
      logs.add(cut(text));
    }
  }

  Map<String, String> tags() {
    return tags;
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }

  /**
   * The span. One that ends before it begins, as happens when a clock is set, took no time.
   *
   * @throws UnreadableSpans if it has no id, or is of no time that can be counted
   */
  Span build() throws UnreadableSpans {
    if (trace.isEmpty() || span.isEmpty()) {
      throw UnreadableSpans.wrong("a span needs the id of its trace and its own");
    }
    if (startNanos < 0 || endNanos < 0) {
      throw UnreadableSpans.wrong("span %s has a time before 1970 or after 2262".formatted(span));
    }
    Optional<String> above =
        parent.isEmpty() || parent.equals(span) ? Optional.empty() : Optional.of(parent);
    return new Span(
        new SpanId(trace, span, above),
        service.isBlank() ? NAMELESS : cut(service),
        cut(HttpNames.of(operation, kind, tags)),
        kind,
        startNanos,
        Math.max(0, endNanos - startNanos),
        new Span.Outcome(error, tags, logs));
  }
}
