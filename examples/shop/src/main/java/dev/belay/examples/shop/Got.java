package dev.belay.examples.shop;

import java.util.Optional;

/**
 * What came of a call.
 *
 * @param answer a good answer; none if it is an error or none came
 * @param how what became of it
 */
public record Got(Optional<Answer> answer, How how) {

  /** What became of a call. */
  public enum How {
    /** It was answered well. */
    SERVED,
    /** It was answered with an error. */
    REFUSED,
    /** It took too long. */
    SLOW,
    /** The connection broke, or nobody could read what came. */
    BROKEN
  }

  /** Whether it was answered well. */
  public boolean isServed() {
    return how == How.SERVED;
  }

  /** Whether it was answered with an error. */
  public boolean isRefused() {
    return how == How.REFUSED;
  }

  /** Whether it took too long. */
  public boolean isSlow() {
    return how == How.SLOW;
  }

  /** A value of the answer, or another one if there is none. */
  public long value(String name, long otherwise) {
    return answer.map(one -> one.value(name)).orElse(otherwise);
  }
}
