package dev.belay.ledger;

import dev.belay.Check;

/**
 * Calls as their callers saw them, whatever number of attempts they took. Immutable.
 *
 * @param begun first attempts, 0 or more
 * @param succeeded calls that ended with a success, 0 or more
 * @param failed calls that ended otherwise, refused ones included, 0 or more; those that were given
 *     up or that count neither way are in neither
 */
public record Requests(long begun, long succeeded, long failed) {

  /** None at all. */
  public static final Requests NONE = new Requests(0, 0, 0);

  /** Rejects negative counts. */
  public Requests {
    Check.that(
        begun >= 0 && succeeded >= 0 && failed >= 0,
        "counts must be 0 or more, were %d, %d and %d",
        begun,
        succeeded,
        failed);
  }

  Requests plus(Requests more) {
    return new Requests(begun + more.begun, succeeded + more.succeeded, failed + more.failed);
  }

  /** Share of calls that ended with a success, 0 to 1; 1 if none has ended. */
  public double successRate() {
    long ended = succeeded + failed;
    return ended == 0 ? 1 : (double) succeeded / ended;
  }
}
