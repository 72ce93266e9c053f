package dev.belay.flow;

import dev.belay.Check;

/**
 * What attempts have used up. Immutable.
 *
 * @param cost in US dollars, 0 or more
 * @param inputTokens read by the model, 0 or more
 * @param outputTokens written by the model, 0 or more
 */
public record Spend(double cost, long inputTokens, long outputTokens) {
  /** Nothing. */
  public static final Spend NONE = new Spend(0, 0, 0);

  /** Rejects what is below 0. */
  public Spend {
    Check.that(cost >= 0 && cost < 1e12, "cost must be 0 or more, was %s", cost);
    Check.that(inputTokens >= 0, "input_tokens must be 0 or more, was %d", inputTokens);
    Check.that(outputTokens >= 0, "output_tokens must be 0 or more, was %d", outputTokens);
  }

  /** Both together. */
  public Spend plus(Spend more) {
    return new Spend(
        cost + more.cost, inputTokens + more.inputTokens, outputTokens + more.outputTokens);
  }

  /** Tokens in both directions. */
  public long tokens() {
    return inputTokens + outputTokens;
  }
}
