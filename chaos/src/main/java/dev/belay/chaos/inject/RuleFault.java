package dev.belay.chaos.inject;

import dev.belay.Check;
import dev.belay.chaos.Fault;

/**
 * What a rule does, how often and when.
 *
 * @param percentage how many of the requests that it means are struck, 0 to 100 of 100
 * @param timing when
 * @param hits which of the struck ones, counted
 * @param actions what happens to them
 */
public record RuleFault(int percentage, Timing timing, Fault.Hits hits, Actions actions) {
  public RuleFault {
    Check.that(
        percentage >= 0 && percentage <= 100, "percentage must be in 0..100, was %d", percentage);
  }
}
