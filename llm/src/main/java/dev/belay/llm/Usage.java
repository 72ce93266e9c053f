package dev.belay.llm;

import dev.belay.Check;

/**
 * The tokens that a call cost, as the provider counted them. Immutable.
 *
 * @param input tokens read, 0 or more; those from the provider's cache included
 * @param output tokens written, 0 or more
 * @param cached of the input, those that came from the provider's cache
 */
public record Usage(long input, long output, long cached) {

  /** Nothing, or not known. */
  public static final Usage NONE = new Usage(0, 0, 0);

  /** Rejects negative counts. */
  public Usage {
    Check.that(input >= 0, "input tokens must be 0 or more, was %d", input);
    Check.that(output >= 0, "output tokens must be 0 or more, was %d", output);
    Check.that(cached >= 0, "cached tokens must be 0 or more, was %d", cached);
  }

  /** Both together. */
  public Usage plus(Usage other) {
    return new Usage(input + other.input, output + other.output, cached + other.cached);
  }

  /** Input and output. */
  public long total() {
    return input + output;
  }
}
