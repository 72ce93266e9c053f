package dev.belay.llm.provider;

import dev.belay.Hint;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import java.time.Instant;

/** What an error is if nothing but its status is looked at. */
final class StatusOnly {
  private StatusOnly() {}

  static ProviderError read(String provider, WireError error, Instant arrived) {
    String code = error.code().isEmpty() ? error.type() : error.code();
    return new ProviderError(
        kind(error.status()), error.status(), code, error.message(), error.requestId(), Hint.NONE);
  }

  private static ErrorKind kind(int status) {
    return switch (status) {
      case 401, 403 -> ErrorKind.AUTH;
      case 402 -> ErrorKind.QUOTA_EXHAUSTED;
      case 408, 409, 425 -> ErrorKind.CONFLICT;
      case 413 -> ErrorKind.CONTEXT_OVERFLOW;
      case 429 -> ErrorKind.RATE_LIMIT;
      case 503, 529 -> ErrorKind.OVERLOADED;
      default -> status >= 400 && status < 500 ? ErrorKind.INVALID_REQUEST : ErrorKind.SERVER_ERROR;
    };
  }
}
