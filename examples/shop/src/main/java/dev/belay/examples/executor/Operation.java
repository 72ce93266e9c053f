package dev.belay.examples.executor;

import dev.belay.chaos.Edge;
import dev.belay.chaos.inject.RequestMatch;
import dev.belay.chaos.inject.TextMatch;
import java.util.List;
import java.util.Optional;

/** What a client asks of an executor; for a search, each is a service that it calls. */
enum Operation {
  /** Whether plans are taken as one unit. */
  MODE("mode", "GET", TextMatch.Kind.EXACT, "/v1/faults"),
  /** A plan is put in force. */
  APPLY("apply", "POST", TextMatch.Kind.EXACT, "/v1/faults/apply"),
  /** A policy is put in force, at published executors. */
  PUT("put", "POST", TextMatch.Kind.EXACT, "/v1/policies"),
  /** Whether it is in force everywhere. */
  STATUS("status", "GET", TextMatch.Kind.REGEX, "^/v1/faults/[^/]+/status$"),
  /** What was struck. */
  METRICS("metrics", "GET", TextMatch.Kind.REGEX, "^/v1/faults/[^/]+/metrics$"),
  /** It is taken back. */
  REMOVE("remove", "DELETE", TextMatch.Kind.PREFIX, "/v1/");

  /** Who asks. */
  static final String CLIENT = "client";

  private final String word;
  private final String method;
  private final TextMatch.Kind kind;
  private final String path;

  Operation(String word, String method, TextMatch.Kind kind, String path) {
    this.word = word;
    this.method = method;
    this.kind = kind;
    this.path = path;
  }

  /** Its name as a service. */
  String word() {
    return word;
  }

  /** Such as {@code DELETE /v1/}. */
  String request() {
    return method + " " + path;
  }

  /**
   * How often it may arrive for each try. The client of the JDK sends a read once more by itself
   * when its connection ends before a byte of the answer, and cannot be told not to.
   */
  int arrivalsOfATry() {
    return method.equals("GET") ? 2 : 1;
  }

  /** The call that a search sees. */
  Edge edge() {
    return new Edge(CLIENT, word);
  }

  /** The requests that it is made of. */
  RequestMatch match() {
    return new RequestMatch(
        Optional.empty(),
        Optional.of(TextMatch.exact(method)),
        Optional.of(new TextMatch(kind, path)),
        List.of(),
        List.of(),
        List.of());
  }

  /** The operation that such an edge stands for. */
  static Operation of(Edge edge) {
    for (Operation operation : values()) {
      if (operation.edge().equals(edge)) {
        return operation;
      }
    }
    throw new IllegalArgumentException("no operation of a client is %s".formatted(edge));
  }
}
