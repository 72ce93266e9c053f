package dev.belay.http;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Hint;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.http.DialException.Phase;
import io.netty.buffer.ByteBuf;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;

/** The CONNECT of HTTP. The answer's head is read within bounds; its body is not read at all. */
final class HttpConnect implements Handshake {
  private static final int MOST_BYTES = 16 * 1024;
  private static final int MOST_HEADERS = 100;
  private static final String VERSION = "HTTP/1.";

  private final ProxyAddress proxy;
  private final String target;
  private final Time time;
  private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
  private int bytes;
  private int headerCount;
  private int scanned;
  private int status;

  HttpConnect(ProxyAddress proxy, String host, int port, Time time) {
    this.proxy = proxy;
    this.target = Hosts.inUri(host) + ":" + port;
    this.time = time;
  }

  @Override
  public byte[] opening() {
    String login =
        proxy
            .credentials()
            .map(credentials -> "Proxy-Authorization: " + credentials.basic() + "\r\n")
            .orElse("");
    return ("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + login + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public Step read(ByteBuf in) {
    for (; ; ) {
      int end = in.indexOf(in.readerIndex() + scanned, in.writerIndex(), (byte) '\n');
      if (end < 0) {
        scanned = in.readableBytes();
        check(bytes + scanned <= MOST_BYTES, "answered with a head of more than 16 KB");
        check(status != 0 || startsRight(in), "did not answer in HTTP/1");
        return MORE;
      }
      scanned = 0;
      int length = end + 1 - in.readerIndex();
      bytes += length;
      check(bytes <= MOST_BYTES, "answered with a head of more than 16 KB");
      String line = in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
      if (line(line.substring(0, length - (line.endsWith("\r\n") ? 2 : 1)))) {
        return OPEN;
      }
    }
  }

  /** Whether this line opened the tunnel. */
  private boolean line(String line) {
    if (status == 0) {
      status = statusOf(line);
    } else if (!line.isEmpty()) {
      header(line);
    } else if (status >= 300) {
      throw refusal();
    } else if (status >= 200) {
      return true;
    } else {
      status = 0; // an interim answer: the real one is still to come
      headers.clear();
    }
    return false;
  }

  private boolean startsRight(ByteBuf in) {
    int length = Math.min(VERSION.length(), in.readableBytes());
    String start = in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1);
    return VERSION.startsWith(start);
  }

  private int statusOf(String line) {
    boolean right =
        line.length() >= 12
            && line.startsWith(VERSION)
            && line.charAt(8) == ' '
            && line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9')
            && (line.length() == 12 || line.charAt(12) == ' ');
    check(right, "did not answer in HTTP/1");
    int code = Integer.parseInt(line.substring(9, 12));
    check(code >= 100 && code != 101, "answered CONNECT with an impossible status");
    return code;
  }

  private void header(String line) {
    check(++headerCount <= MOST_HEADERS, "answered with more than 100 headers");
    int colon = line.indexOf(':');
    check(colon > 0 && isName(line.substring(0, colon)), "answered with a malformed header");
    String value = line.substring(colon + 1).strip();
    check(value.chars().noneMatch(c -> c == '\r' || c == 0), "answered with a malformed header");
    headers.add(line.substring(0, colon), value);
  }

  private static boolean isName(String name) {
    return name.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private DialException refusal() {
    Verdict verdict =
        switch (status) {
          case 407 -> Verdict.retry(ErrorClass.AUTH, Blame.ENDPOINT);
          case 429 -> Verdict.throttled(Blame.UNKNOWN, hint());
          case 403, 502, 503, 504 ->
              Verdict.retry(ErrorClass.STATUS, Blame.UNKNOWN).withHint(hint());
          default -> Verdict.retry(ErrorClass.STATUS, Blame.ENDPOINT).withHint(hint());
        };
    String message = proxy + " refused the tunnel with status " + status;
    return DialException.refused(verdict, message, status, headers);
  }

  private Hint hint() {
    return RetryAfter.hint(headers, time.instant());
  }

  private void check(boolean ok, String wrong) {
    if (!ok) {
      throw new DialException(
          Phase.HANDSHAKE,
          Verdict.retry(ErrorClass.PROTOCOL, Blame.ENDPOINT),
          proxy + " " + wrong,
          null);
    }
  }
}
