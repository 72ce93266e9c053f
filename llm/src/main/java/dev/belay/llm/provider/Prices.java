package dev.belay.llm.provider;

import dev.belay.Check;
import dev.belay.llm.Usage;

/**
 * What a model costs, in dollars for a million tokens. Immutable.
 *
 * @param input tokens read, 0 or more
 * @param output tokens written, 0 or more
 * @param cached tokens read from the provider's cache, 0 or more
 */
public record Prices(double input, double output, double cached) {
  /** Free, or not known. */
  public static final Prices NONE = new Prices(0, 0, 0);

  private static final double MILLION = 1e6;

  /** Rejects prices that are negative or no numbers. */
  public Prices {
    Check.that(input >= 0 && input < MILLION, "input price must be 0 or more, was %s", input);
    Check.that(output >= 0 && output < MILLION, "output price must be 0 or more, was %s", output);
    Check.that(cached >= 0 && cached < MILLION, "cached price must be 0 or more, was %s", cached);
  }

  /** What a call cost, in dollars. */
  public double of(Usage usage) {
    long fromCache = Math.min(usage.cached(), usage.input());
    double parts =
        (usage.input() - fromCache) * input + fromCache * cached + usage.output() * output;
    return parts / MILLION;
  }
}
