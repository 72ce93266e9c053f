package dev.belay.proxy.client;

import dev.belay.ErrorClass;
import dev.belay.Verdict;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A failed attempt with its verdict. Has no stack, because it is made for every failure. */
final class AttemptFailed extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Verdict verdict;

  AttemptFailed(Verdict verdict, String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.verdict = verdict;
  }

  Verdict verdict() {
    return verdict;
  }

  /** Whether the target was found to be where requests may not go. */
  boolean isForbidden() {
    return verdict.errorClass() == ErrorClass.INVALID && verdict.isBeforeSending();
  }
}
