package dev.belay.chaos;

import dev.belay.Check;
import java.util.Optional;

/**
 * The word of a data plane that it did inject a fault: without one, a trial has tried nothing.
 *
 * @param fault which fault of the plan, counted from 0
 * @param edge the call that was struck
 * @param traceId the trace that the call belongs to, if it carried one
 * @param atNanos when, by the clock that the trace's spans are in; nanoseconds
 */
public record Receipt(int fault, Edge edge, Optional<String> traceId, long atNanos) {
  public Receipt {
    Check.that(fault >= 0, "fault must be >= 0, was %d", fault);
  }
}
