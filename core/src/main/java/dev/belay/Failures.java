package dev.belay;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What an exception of the JDK says about an attempt. */
final class Failures {
  private Failures() {}

  static Verdict verdict(Throwable failure) {
    return switch (failure) {
      case InterruptedException e -> Verdict.CANCELLED;
      case CancellationException e -> Verdict.CANCELLED;
      case CallRefused e -> Verdict.throttled(Blame.TARGET, refusalHint(e));
      case CompletionException e when e.getCause() != null -> verdict(e.getCause());
      case ExecutionException e when e.getCause() != null -> verdict(e.getCause());
      case UnknownHostException e -> endpoint(ErrorClass.DNS);
      case ConnectException e -> endpoint(ErrorClass.CONNECT);
      case NoRouteToHostException e -> endpoint(ErrorClass.CONNECT);
      case SSLException e -> endpoint(ErrorClass.TLS);
      case SocketTimeoutException e -> endpoint(ErrorClass.TIMEOUT);
      case TimeoutException e -> endpoint(ErrorClass.TIMEOUT);
      case ProtocolException e -> endpoint(ErrorClass.PROTOCOL);
      case SocketException e -> endpoint(ErrorClass.RESET);
      case IOException e -> endpoint(ErrorClass.RESET);
      case NullPointerException e -> bug();
      case IllegalArgumentException e -> bug();
      case ClassCastException e -> bug();
      case IndexOutOfBoundsException e -> bug();
      case UnsupportedOperationException e -> bug();
      case Error e -> bug();
      default -> endpoint(ErrorClass.OTHER);
    };
  }

  private static Hint refusalHint(CallRefused refusal) {
    return Hint.after(refusal.retryAfter(), refusal.gate());
  }

  private static Verdict endpoint(ErrorClass errorClass) {
    return Verdict.retry(errorClass, Blame.ENDPOINT);
  }

  private static Verdict bug() {
    return Verdict.permanent(ErrorClass.OTHER, Blame.CALLER);
  }
}
