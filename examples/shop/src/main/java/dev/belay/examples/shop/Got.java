package dev.belay.examples.shop;

import java.util.Optional;

/**
 * What came of a call.
 *
 * @param answer a good answer; none if it is an error or none came
 * @param how what became of it
 */
record Got(Optional<Answer> answer, How how) {

  /** What became of a call. */
  enum How {
    /** It was answered well. */
    SERVED,
    /** It was answered with an error. */
    REFUSED,
    /** It took too long. */
    SLOW,
    /** The connection broke, or nobody could read what came. */
    BROKEN
  }

  boolean isServed() {
    return how == How.SERVED;
  }

  boolean isRefused() {
    return how == How.REFUSED;
  }

  boolean isSlow() {
    return how == How.SLOW;
  }

  /** A value of the answer. */
  long value(String name, long otherwise) {
    return answer.map(one -> one.value(name)).orElse(otherwise);
  }
}
