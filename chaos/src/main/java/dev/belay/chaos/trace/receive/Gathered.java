package dev.belay.chaos.trace.receive;

import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.Trace;
import dev.belay.chaos.trace.TraceParent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What has come of one trace so far. For one thread at a time. */
final class Gathered {
  /** About what a span takes beside its texts. */
  private static final long BARE = 400;

  private final Map<String, Span> spans = new HashMap<>();
  private final long firstNanos;
  private long lastNanos;
  private long bytes;
  private boolean cut;

  Gathered(long now) {
    this.firstNanos = now;
    this.lastNanos = now;
  }

  /** About how much memory a span takes. */
  static long bytes(Span span) {
    long chars = span.service().length();
    chars += span.operation().length();
    for (Map.Entry<String, String> tag : span.outcome().tags().entrySet()) {
      chars += 50L + tag.getKey().length() + tag.getValue().length();
    }
    for (String log : span.outcome().logs()) {
      chars += 25L + log.length();
    }
    return BARE + 2 * chars;
  }

  /** Adds a span, unless it is there already: exporters send again what they got no answer for. */
  boolean add(Span span, long now) {
    if (spans.putIfAbsent(span.id().span(), span) != null) {
      return false;
    }
    bytes += bytes(span);
    lastNanos = now;
    return true;
  }

  boolean has(Span span) {
    return spans.containsKey(span.id().span());
  }

  /** Notes that a span was left out. */
  void cut() {
    cut = true;
  }

  long firstNanos() {
    return firstNanos;
  }

  long bytes() {
    return bytes;
  }

  /** How long no new span has come. */
  long quietNanos(long now) {
    return now - lastNanos;
  }

  /** Whether the first span of the request is there: it is sent when it has ended. */
  boolean rooted(TraceParent sent) {
    return spans.values().stream().anyMatch(span -> isRoot(span, sent));
  }

  private static boolean isRoot(Span span, TraceParent sent) {
    return span.id().parent().isEmpty() || span.id().parent().get().equals(sent.span());
  }

  /** The spans whose parents have not come: a parent is sent when it has ended, so after them. */
  Stream<Span> orphans(TraceParent sent) {
    return spans.values().stream().filter(span -> isOrphan(span, sent));
  }

  /** The spans whose parents are known. */
  Stream<Span> children(TraceParent sent) {
    return spans.values().stream().filter(span -> !isRoot(span, sent) && !isOrphan(span, sent));
  }

  private boolean isOrphan(Span span, TraceParent sent) {
    return !isRoot(span, sent) && !spans.containsKey(span.id().parent().orElseThrow());
  }

  /**
   * The trace. What the sender's own span caused is a root, because nobody sees that span; unless
   * it was sent to us, too.
   */
  Optional<Trace> trace(TraceParent sent, boolean complete) {
    if (spans.isEmpty()) {
      return Optional.empty();
    }
    boolean seen = spans.containsKey(sent.span());
    return Optional.of(
        new Trace(
            spans.values().stream()
                .map(span -> !seen && isRoot(span, sent) ? root(span) : span)
                .toList(),
            complete && !cut));
  }

  private static Span root(Span span) {
    return new Span(
        new SpanId(span.id().trace(), span.id().span(), Optional.empty()),
        span.service(),
        span.operation(),
        span.kind(),
        span.startNanos(),
        span.durationNanos(),
        span.outcome());
  }
}
