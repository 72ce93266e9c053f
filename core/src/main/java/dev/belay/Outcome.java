package dev.belay;

import org.jspecify.annotations.Nullable;

/**
 * What came back from one attempt, with what is made of it.
 *
 * @param failure null if it returned {@code value}
 */
record Outcome<T extends @Nullable Object>(
    @Nullable T value, @Nullable Throwable failure, Verdict verdict) {

  static <T extends @Nullable Object> Outcome<T> value(T value, Classifier classifier) {
    try {
      return new Outcome<>(value, null, classifier.value(value));
    } catch (RuntimeException fault) {
      return new Outcome<>(null, fault, Verdict.IGNORED);
    }
  }

  static <T extends @Nullable Object> Outcome<T> failure(Throwable failure, Classifier classifier) {
    try {
      return new Outcome<>(null, failure, classifier.failure(failure));
    } catch (RuntimeException fault) {
      fault.addSuppressed(failure);
      return new Outcome<>(null, fault, Verdict.IGNORED);
    }
  }
}
