package dev.belay.http;

import org.jspecify.annotations.Nullable;

/** What can go wrong on a wire here. It has no stack trace: it is an answer, not a bug. */
public abstract sealed class WireException extends RuntimeException
    permits DialException, SocksException, BodyException {
  private static final long serialVersionUID = 1;

  WireException(String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
  }
}
