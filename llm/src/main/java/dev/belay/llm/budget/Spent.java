package dev.belay.llm.budget;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.Usage;

/**
 * What a call has used so far. Immutable.
 *
 * @param attempts requests that were sent, of all sorts
 * @param retries of these, those that repeated one that had failed
 * @param corrections answers that were asked for again
 * @param usage tokens of all answers, as the providers counted them
 * @param dollars what they cost
 */
public record Spent(int attempts, int retries, int corrections, Usage usage, double dollars) {
  /** Nothing yet. */
  public static final Spent NOTHING = new Spent(0, 0, 0, Usage.NONE, 0);

  /** Rejects null. */
  public Spent {
    requireNonNull(usage, "usage");
  }

  Spent withAttempt(boolean retry) {
    return new Spent(attempts + 1, retries + (retry ? 1 : 0), corrections, usage, dollars);
  }

  Spent withCorrection() {
    return new Spent(attempts, retries, corrections + 1, usage, dollars);
  }

  Spent plus(Usage more, double cost) {
    return new Spent(attempts, retries, corrections, usage.plus(more), dollars + cost);
  }
}
