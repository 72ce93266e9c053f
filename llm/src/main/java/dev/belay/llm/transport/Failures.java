package dev.belay.llm.transport;

import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;

/** What a failure of the connection comes down to. */
final class Failures {
  private Failures() {}

  static ProviderError onTheWay(Throwable failure, boolean hasContent) {
    Throwable cause = cause(failure);
    if (cause instanceof ConnectionPoolTooBusyException) {
      return ProviderError.of(
          ErrorKind.CIRCUIT_OPEN,
          "as many requests wait for a connection as may; raise connections");
    }
    String what =
        switch (cause) {
          case HttpClosedException closed -> "the connection was closed";
          case UnknownHostException unknown -> "the host is not known: " + cause.getMessage();
          case SSLException broken -> "TLS failed: " + cause.getMessage();
          default -> cause.getClass().getSimpleName() + ": " + cause.getMessage();
        };
    return hasContent
        ? ProviderError.of(ErrorKind.STREAM_BROKEN, "the stream broke off: " + what)
        : ProviderError.of(ErrorKind.NETWORK, what);
  }

  static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
