package dev.belay.llm.check;

import static java.util.Objects.requireNonNull;

/** What has to happen with an answer that does not stand, mildest first. */
public enum Remedy {
  /** Tell the model what is wrong and ask again. */
  REASK,
  /** A person must decide. */
  HUMAN,
  /** Asking again is of no use: the call fails. */
  FAIL;

  /** The more severe of both. */
  public Remedy or(Remedy other) {
    return requireNonNull(other, "other").compareTo(this) > 0 ? other : this;
  }
}
