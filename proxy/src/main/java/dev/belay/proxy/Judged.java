package dev.belay.proxy;

import dev.belay.Verdict;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A failed attempt with its verdict. Has no stack, because it is made for every failure. */
final class Judged extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Verdict verdict;
  private final int status;

  /**
   * A failure.
   *
   * @param status of the proxy's own refusal, 0 if it did not come to one
   */
  Judged(Verdict verdict, int status, @Nullable String message) {
    super(message, null, false, false);
    this.verdict = verdict;
    this.status = status;
  }

  Verdict verdict() {
    return verdict;
  }

  int status() {
    return status;
  }
}
