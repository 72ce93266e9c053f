package dev.belay.chaos.inject;

import dev.belay.chaos.Edge;
import java.util.List;
import java.util.Optional;

/** A request, as far as rules ask about it. For the thread that asks. */
public interface FaultRequest {
  /** Who calls whom. */
  Edge edge();

  /** Where the callee runs; empty if that is not known. */
  String namespace();

  /** The method, in capitals. */
  String method();

  /** The path as it was sent, with its query. */
  String path();

  /** The values of a header, each as it was sent; empty if there is none. */
  List<String> headers(String name);

  /** The trace that its W3C {@code traceparent} names. */
  default Optional<String> traceId() {
    return headers("traceparent").stream()
        .findFirst()
        .filter(parent -> parent.length() > 35 && parent.charAt(35) == '-')
        .map(parent -> parent.substring(3, 35));
  }
}
