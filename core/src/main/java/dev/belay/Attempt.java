package dev.belay;

import java.time.Duration;

/**
 * One try of a call: the step that says "go there, now". Immutable.
 *
 * @param <E> the kind of endpoint
 */
public final class Attempt<E extends Endpoint> implements Step<E> {
  private final E endpoint;
  private final Permit permit;
  private final int number;
  private final long startedNanos;
  private final long waitedNanos;
  private final long limitNanos;
  private final boolean hedge;
  private final Time time;

  Attempt(
      E endpoint,
      Permit permit,
      int number,
      long startedNanos,
      long waitedNanos,
      long limitNanos,
      boolean hedge,
      Time time) {
    this.endpoint = endpoint;
    this.permit = permit;
    this.number = number;
    this.startedNanos = startedNanos;
    this.waitedNanos = waitedNanos;
    this.limitNanos = limitNanos;
    this.hedge = hedge;
    this.time = time;
  }

  /** Where it goes. */
  public E endpoint() {
    return endpoint;
  }

  /** Which attempt of the call it is, counted from 1. */
  public int number() {
    return number;
  }

  /** Whether it runs beside a slow one. */
  public boolean isHedge() {
    return hedge;
  }

  /** When it has to be over: its own limit or the call's, whichever comes first. */
  public Deadline deadline() {
    return Deadline.at(startedNanos, limitNanos, time);
  }

  /** How long the call waited before it. */
  public Duration waited() {
    return Nanos.duration(waitedNanos);
  }

  /** How long it may take, from its start. */
  long limitNanos() {
    return limitNanos;
  }

  long startedNanos() {
    return startedNanos;
  }

  long waitedNanos() {
    return waitedNanos;
  }

  Permit permit() {
    return permit;
  }

  @Override
  public String toString() {
    return "attempt %d at %s".formatted(number, endpoint);
  }
}
