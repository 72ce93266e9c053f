package dev.belay.proxy;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.ProxyAddress;
import io.netty.handler.proxy.ProxyConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/**
 * What it means that no connection to a proxy came about, or, for SOCKS, none through it. In the
 * second case the library tells the SOCKS server's answer only in words.
 */
final class ConnectFailures {
  private ConnectFailures() {}

  static Verdict judge(ProxyAddress address, Throwable failure) {
    return switch (failure) {
      case UnknownHostException dns -> endpoint(ErrorClass.DNS);
      case SSLException tls -> endpoint(ErrorClass.TLS);
      case ProxyConnectException socks -> socks(String.valueOf(socks.getMessage()));
      default -> endpoint(ErrorClass.CONNECT);
    };
  }

  private static Verdict socks(String message) {
    String words = message.toUpperCase(Locale.ROOT);
    if (words.contains("AUTHSTATUS") || words.contains("UNACCEPTED")) {
      return endpoint(ErrorClass.AUTH);
    }
    boolean ambiguous =
        words.contains("UNREACHABLE")
            || words.contains("REFUSED")
            || words.contains("FORBIDDEN")
            || words.contains("TTL_EXPIRED")
            || words.contains("REJECTED_OR_FAILED");
    return ambiguous
        ? Verdict.retry(ErrorClass.CONNECT, Blame.UNKNOWN)
        : endpoint(words.contains("TIMEOUT") ? ErrorClass.TIMEOUT : ErrorClass.PROTOCOL);
  }

  private static Verdict endpoint(ErrorClass errorClass) {
    return Verdict.retry(errorClass, Blame.ENDPOINT);
  }
}
