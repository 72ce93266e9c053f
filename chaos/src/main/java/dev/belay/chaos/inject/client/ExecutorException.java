package dev.belay.chaos.inject.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The executor did not do what was asked of it. */
public final class ExecutorException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final Code code;

  /** What went wrong, for programs. */
  public enum Code {
    /**
     * It cannot be reached, or fails, after all tries; or it did so often enough to be left alone.
     */
    EXECUTOR_UNAVAILABLE,
    /** It was reached and refused; asking again helps nothing. */
    EXECUTOR_REFUSED,
    /**
     * The faults ended before their time, or before anybody looked: what was seen says nothing
     * about them.
     */
    FAULTS_GONE,
    /** A fault may still be in force: it could not be taken back. Its lease and its life end it. */
    FAULTS_LEFT
  }

  ExecutorException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** What went wrong. */
  public Code code() {
    return code;
  }
}
