package dev.belay;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A guarded call gave no value. */
public abstract sealed class CallException extends RuntimeException
    permits CallFailed, CallRefused {
  @Serial private static final long serialVersionUID = 1L;

  CallException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Without a stack, so that one instance can serve all callers. */
  CallException(@Nullable String message) {
    super(message, null, false, false);
  }
}
