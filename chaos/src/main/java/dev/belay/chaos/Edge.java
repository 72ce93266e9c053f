package dev.belay.chaos;

import dev.belay.Check;

/**
 * A call from one service to another: the place where a fault strikes.
 *
 * @param caller the service that calls, or {@link #ANY}
 * @param callee the service that is called, or {@link #ANY}
 */
public record Edge(String caller, String callee) implements Comparable<Edge> {
  /** Stands for every service. */
  public static final String ANY = "*";

  public Edge {
    Check.that(!caller.isBlank(), "caller must not be blank; write * for any service");
    Check.that(!callee.isBlank(), "callee must not be blank; write * for any service");
  }

  /** All calls of a service, whoever makes them. */
  public static Edge into(String callee) {
    return new Edge(ANY, callee);
  }

  /** Whether a call between two services is one of those that this edge means. */
  public boolean covers(String from, String to) {
    return (caller.equals(ANY) || caller.equals(from)) && (callee.equals(ANY) || callee.equals(to));
  }

  @Override
  public int compareTo(Edge other) {
    int order = caller.compareTo(other.caller);
    return order != 0 ? order : callee.compareTo(other.callee);
  }

  @Override
  public String toString() {
    return caller + ">" + callee;
  }
}
