package dev.belay.http;

import dev.belay.http.RequestGuard.Limits;
import dev.belay.http.RequestGuard.Reason;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Looks at a request's head line by line. For one thread; reset between requests. */
final class HeadCheck {
  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";
  private static final boolean[] TOKEN = tokens();
  private static final int LONGEST_NAME_READ = 20;

  private final Limits limits;
  private Reason reason = Reason.REQUEST_LINE;
  private boolean begun;
  private boolean whole;
  private boolean isConnect;
  private boolean isOld;
  private int headers;
  private int hosts;
  private boolean chunked;
  private boolean upgrade;
  private long contentLength;

  HeadCheck(Limits limits) {
    this.limits = limits;
    reset();
  }

  void reset() {
    begun = false;
    whole = false;
    isConnect = false;
    isOld = false;
    headers = 0;
    hosts = 0;
    chunked = false;
    upgrade = false;
    contentLength = -1;
  }

  Reason reason() {
    return reason;
  }

  boolean isWhole() {
    return whole;
  }

  boolean isChunked() {
    return chunked;
  }

  /** -1 if there is none. */
  long contentLength() {
    return contentLength;
  }

  /** Whether another protocol may follow this head, which then has no body. */
  boolean switches() {
    return isConnect || (upgrade && !chunked && contentLength <= 0);
  }

  /** Notes why; returns -1 for the caller to hand on. */
  int refuse(Reason why) {
    reason = why;
    return -1;
  }

  /** Whether the line from {@code start} to the LF at {@code lf} may stand there. */
  boolean line(ByteBuf in, int start, int lf) {
    int end = lf - 1;
    if (end < start || in.getByte(end) != '\r') {
      return bad(Reason.BARE_LF);
    }
    if (!isClean(in, start, end)) {
      return false;
    }
    if (end > start) {
      return begun ? header(in, start, end) : requestLine(in, start, end);
    }
    // empty lines before a request are to be ignored
    return !begun || end();
  }

  /** Whether the line may stand in a trailer: a header that says nothing about framing. */
  boolean trailerLine(ByteBuf in, int start, int lf) {
    int end = lf - 1;
    if (end < start || in.getByte(end) != '\r') {
      return bad(Reason.BARE_LF);
    }
    return isClean(in, start, end) && (end == start || colon(in, start, end) > 0);
  }

  static boolean isControl(byte b) {
    return (b >= 0 && b < ' ' && b != '\t') || b == 0x7f;
  }

  private boolean isClean(ByteBuf in, int start, int end) {
    int at = in.forEachByte(start, end - start, b -> !isControl(b));
    return at < 0 || bad(in.getByte(at) == '\r' ? Reason.BARE_CR : Reason.CONTROL_CHARACTER);
  }

  private boolean requestLine(ByteBuf in, int start, int end) {
    int first = in.indexOf(start, end, (byte) ' ');
    int second = first < 0 ? -1 : in.indexOf(first + 1, end, (byte) ' ');
    boolean right =
        first > start
            && second > first + 1
            && isToken(in, start, first)
            && in.indexOf(first + 1, second, (byte) '\t') < 0;
    if (!right) {
      return bad(Reason.REQUEST_LINE);
    }
    String version = in.toString(second + 1, end - second - 1, StandardCharsets.ISO_8859_1);
    isOld = version.equals("HTTP/1.0");
    isConnect = is(in, start, first, "CONNECT");
    begun = true;
    return isOld || version.equals("HTTP/1.1") || bad(Reason.REQUEST_LINE);
  }

  private boolean header(ByteBuf in, int start, int end) {
    if (++headers > limits.headers()) {
      return bad(Reason.TOO_MANY_HEADERS);
    }
    int colon = colon(in, start, end);
    if (colon < 0) {
      return false;
    }
    if (colon - start > LONGEST_NAME_READ || !mayMatter(in.getByte(start))) {
      return true;
    }
    String name =
        in.toString(start, colon - start, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
    return switch (name) {
      case "host" -> ++hosts == 1 || bad(Reason.HOST);
      case "content-length" -> contentLength(value(in, colon, end));
      case "transfer-encoding" -> transferEncoding(value(in, colon, end));
      case "upgrade" -> {
        upgrade = true;
        yield true;
      }
      // of a draft of WebSocket under which eight bytes follow a head that does not say so
      case "sec-websocket-key1", "sec-websocket-key2" -> bad(Reason.HEADER_NAME);
      default -> true;
    };
  }

  /** Where the name ends; -1 if the line has no good name. */
  private int colon(ByteBuf in, int start, int end) {
    byte first = in.getByte(start);
    if (first == ' ' || first == '\t') {
      return refuse(Reason.FOLDED_HEADER);
    }
    int colon = in.indexOf(start, end, (byte) ':');
    if (colon <= start) {
      return refuse(Reason.HEADER_NAME);
    }
    byte last = in.getByte(colon - 1);
    if (last == ' ' || last == '\t') {
      return refuse(Reason.SPACE_BEFORE_COLON);
    }
    return isToken(in, start, colon) ? colon : refuse(Reason.HEADER_NAME);
  }

  private boolean contentLength(String value) {
    boolean right =
        contentLength < 0
            && !value.isEmpty()
            && value.length() <= 18
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!right) {
      return bad(Reason.CONTENT_LENGTH);
    }
    contentLength = Long.parseLong(value);
    return true;
  }

  private boolean transferEncoding(String value) {
    boolean right = !chunked && !isOld && value.equalsIgnoreCase("chunked");
    chunked = true;
    return right || bad(Reason.TRANSFER_ENCODING);
  }

  /** Whether all that was seen fits together. */
  private boolean end() {
    if (chunked && contentLength >= 0) {
      return bad(Reason.LENGTH_AND_ENCODING);
    }
    if (isConnect && (chunked || contentLength > 0)) {
      return bad(chunked ? Reason.TRANSFER_ENCODING : Reason.CONTENT_LENGTH);
    }
    whole = true;
    return isOld || hosts == 1 || bad(Reason.HOST);
  }

  private boolean bad(Reason why) {
    reason = why;
    return false;
  }

  private static String value(ByteBuf in, int colon, int end) {
    return in.toString(colon + 1, end - colon - 1, StandardCharsets.ISO_8859_1).strip();
  }

  private static boolean mayMatter(byte first) {
    return switch (first) {
      case 'h', 'H', 'c', 'C', 't', 'T', 'u', 'U', 's', 'S' -> true;
      default -> false;
    };
  }

  private static boolean is(ByteBuf in, int start, int end, String word) {
    return end - start == word.length()
        && in.toString(start, end - start, StandardCharsets.US_ASCII).equals(word);
  }

  private static boolean isToken(ByteBuf in, int start, int end) {
    return in.forEachByte(start, end - start, b -> TOKEN[b & 0xff]) < 0;
  }

  private static boolean[] tokens() {
    boolean[] allowed = new boolean[256];
    for (char c = 0; c < 128; c++) {
      allowed[c] =
          (c >= '0' && c <= '9')
              || (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || TOKEN_SIGNS.indexOf(c) >= 0;
    }
    return allowed;
  }
}
