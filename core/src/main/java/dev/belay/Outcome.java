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
    } catch (Throwable fault) { // an Error, too, must not lose the attempt's permit
      return new Outcome<>(null, fault, Verdict.IGNORED);
    }
  }

  /** Of an attempt on this thread: if it was interrupted meanwhile, that is why it failed. */
  static <T extends @Nullable Object> Outcome<T> failureHere(
      Throwable failure, Classifier classifier) {
    if (failure instanceof InterruptedException || !Thread.interrupted()) {
      return failure(failure, classifier);
    }
    InterruptedException interrupted = new InterruptedException("interrupted during an attempt");
    interrupted.initCause(failure);
    return new Outcome<>(null, interrupted, Verdict.CANCELLED);
  }

  static <T extends @Nullable Object> Outcome<T> failure(Throwable failure, Classifier classifier) {
    try {
      return new Outcome<>(null, failure, classifier.failure(failure));
    } catch (Throwable fault) {
      fault.addSuppressed(failure);
      return new Outcome<>(null, fault, Verdict.IGNORED);
    }
  }
}
