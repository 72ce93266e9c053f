package dev.belay;

/** Whose fault a failed attempt was. Only the endpoint's own faults count against it. */
public enum Blame {
  /** The endpoint that carried the attempt: it counts on its breaker. */
  ENDPOINT,
  /** What lies behind the endpoint: the endpoint itself did its work. */
  TARGET,
  /** Whoever made the call: a bad request, a bug, a cancellation. */
  CALLER,
  /** Not known: two such failures weigh as much as one of the endpoint's own. */
  UNKNOWN
}
