package dev.belay.chaos.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The calls between services that a trace shows. */
public final class Calls {
  /** What stands for the one who asked, whom no span shows. */
  public static final String OUTSIDE = "client";

  private static final List<String> PEERS =
      List.of("peer.service", "server.address", "net.peer.name", "http.host");

  private Calls() {}

  /**
   * A call.
   *
   * @param caller the service that calls
   * @param callee the service that is called
   * @param span the span of the callee; that of the caller if the callee shows none
   */
  public record Call(String caller, String callee, Span span) {}

  /**
   * The calls of a trace by start: from each service to each other one, and those of a client to
   * somebody who left no span, as long as a tag names him.
   */
  public static List<Call> of(Trace trace) {
    SpanTree tree = new SpanTree(trace);
    List<Call> calls = new ArrayList<>();
    for (Span span : trace.spans()) {
      if (isEntry(span, tree)) {
        calls.add(
            new Call(tree.caller(span).map(Span::service).orElse(OUTSIDE), span.service(), span));
      } else if (span.kind() == SpanKind.CLIENT && tree.children(span).isEmpty()) {
        peer(span).ifPresent(peer -> calls.add(new Call(span.service(), peer, span)));
      }
    }
    return calls;
  }

  /** Whether a span is where a service is entered. */
  private static boolean isEntry(Span span, SpanTree tree) {
    if (span.kind() == SpanKind.SERVER || span.kind() == SpanKind.CONSUMER) {
      return true;
    }
    return span.kind() == SpanKind.INTERNAL
        && tree.parent(span).map(parent -> !parent.service().equals(span.service())).orElse(true);
  }

  private static Optional<String> peer(Span span) {
    Map<String, String> tags = span.outcome().tags();
    return PEERS.stream()
        .filter(tags::containsKey)
        .map(tags::get)
        .filter(name -> !name.isBlank())
        .findFirst();
  }
}
