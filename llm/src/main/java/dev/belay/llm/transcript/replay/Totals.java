package dev.belay.llm.transcript.replay;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.Amounts;
import java.time.Duration;

/**
 * What attempts came to. Immutable.
 *
 * @param attempts 0 or more
 * @param waited before them, 0 or more
 * @param dollars 0 or more
 */
public record Totals(int attempts, Duration waited, double dollars) {
  /** Nothing. */
  public static final Totals NOTHING = new Totals(0, Duration.ZERO, 0);

  /** Rejects null. */
  public Totals {
    requireNonNull(waited, "waited");
  }

  /** Both together. */
  public Totals plus(Totals more) {
    return new Totals(attempts + more.attempts, waited.plus(more.waited), dollars + more.dollars);
  }

  Totals attempt(Duration wait) {
    return new Totals(attempts + 1, waited.plus(wait), dollars);
  }

  Totals pause(Duration wait) {
    return new Totals(attempts, waited.plus(wait), dollars);
  }

  Totals cost(double more) {
    return new Totals(attempts, waited, dollars + more);
  }

  /** All members. */
  public Json.Obj json() {
    return Json.EMPTY
        .with("attempts", Json.of(attempts))
        .with("waited_ms", Amounts.millis(waited))
        .with("dollars", Amounts.dollars(dollars));
  }
}
