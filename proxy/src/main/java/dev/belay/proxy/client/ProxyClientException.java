package dev.belay.proxy.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A request that brought no response, or one that does not count. Its message holds no secret. */
public abstract sealed class ProxyClientException extends RuntimeException
    permits RequestRefused, RequestFailed, RetriesExhausted {
  @Serial private static final long serialVersionUID = 1L;

  ProxyClientException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
