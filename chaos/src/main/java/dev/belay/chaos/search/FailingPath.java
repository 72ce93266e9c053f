package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.SpanTree;
import dev.belay.chaos.trace.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The way down from the root of a trace, always to the call that failed last: a service that gives
 * up does so right after the failure that it cannot bear.
 *
 * @param services each service on the way, the first one first
 */
record FailingPath(List<String> services) {
  private static final int DEEPEST = 100;

  static FailingPath of(Trace trace) {
    SpanTree tree = new SpanTree(trace);
    List<String> services = new ArrayList<>();
    Optional<Span> at = tree.roots().stream().max(Comparator.comparingLong(Span::durationNanos));
    for (int depth = 0; at.isPresent() && depth < DEEPEST; depth++) {
      Span span = at.get();
      String name = name(span);
      if (services.isEmpty() || !services.getLast().equals(name)) {
        services.add(name);
      }
      at =
          tree.children(span).stream()
              .filter(child -> child.error() || isAnswerTo(child, span))
              .max(Comparator.comparingLong(Span::endNanos));
    }
    return new FailingPath(services);
  }

  /** A service that answers with a status of the 400s is not thought to have failed itself. */
  private static boolean isAnswerTo(Span server, Span client) {
    return client.kind() == SpanKind.CLIENT && client.error() && server.kind() == SpanKind.SERVER;
  }

  /** A client's span stands for the one it calls, who may have left none. */
  private static String name(Span span) {
    return span.kind() == SpanKind.CLIENT
        ? span.outcome().tags().getOrDefault("peer.service", span.service())
        : span.service();
  }

  /** The call at its end. */
  Optional<Edge> last() {
    int count = services.size();
    return count < 2
        ? Optional.empty()
        : Optional.of(new Edge(services.get(count - 2), services.get(count - 1)));
  }

  @Override
  public String toString() {
    return String.join(">", services);
  }
}
