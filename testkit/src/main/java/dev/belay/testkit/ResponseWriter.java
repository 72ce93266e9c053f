package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.belay.testkit.Response.Body;
import dev.belay.testkit.Response.Course;
import dev.belay.testkit.Response.Delimiter;
import dev.belay.testkit.Response.Ending;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Sends one response the way its course says. For one thread. */
final class ResponseWriter {
  private static final int GATHERED_BYTES = 32 * 1024;
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(ISO_8859_1);

  private final Connection connection;
  private final ReceivedRequest request;
  private final Response response;
  private final Course course;
  private final Delimiter delimiter;
  private final boolean keeps;
  private final OutputStream out;

  ResponseWriter(Connection connection, ReceivedRequest request, Response response) {
    this.connection = connection;
    this.request = request;
    this.response = response;
    this.course = response.course();
    boolean oldPeer = request.version().equals("HTTP/1.0");
    Delimiter wanted = course.body().delimiter();
    this.delimiter = oldPeer && wanted == Delimiter.CHUNKS ? Delimiter.CLOSE : wanted;
    this.keeps =
        request.head().keepsAlive(request.version())
            && course.ending() != Ending.CLOSE
            && delimiter != Delimiter.CLOSE;
    // One buffer, so that a small response is one segment.
    this.out = new BufferedOutputStream(connection.out(), GATHERED_BYTES);
  }

  /** Sends it and says whether another request may follow. */
  boolean send() throws IOException {
    connection.pause(course.delay());
    out.write(head().getBytes(ISO_8859_1));
    if (!course.bodyDelay().isZero()) {
      out.flush();
      connection.pause(course.bodyDelay());
    }
    if (!Framing.bodyless(response.status(), request.method())) {
      body();
    }
    out.flush();
    return switch (course.ending()) {
      case KEEP, CLOSE -> keeps;
      case STALE, TRUNCATE -> false;
      case RESET -> {
        connection.reset();
        yield false;
      }
    };
  }

  private String head() {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(response.status()).append(' ');
    head.append(Reason.of(response.status())).append("\r\n");
    append(head, response.headers());
    if (!framesItself()) {
      switch (delimiter) {
        case LENGTH -> head.append("Content-Length: ").append(announced()).append("\r\n");
        case CHUNKS -> head.append("Transfer-Encoding: chunked\r\n");
        case CLOSE -> {}
      }
    }
    if (!keeps) {
      head.append("Connection: close\r\n");
    } else if (request.version().equals("HTTP/1.0")) {
      head.append("Connection: keep-alive\r\n");
    }
    return head.append("\r\n").toString();
  }

  static void append(StringBuilder head, List<Header> headers) {
    for (Header header : headers) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
  }

  /** A script may lie about the length; and the bodyless statuses have none. */
  private boolean framesItself() {
    return response.status() < 200
        || response.status() == 204
        || response.status() == 304
        || Head.first(response.headers(), "Content-Length").isPresent()
        || Head.first(response.headers(), "Transfer-Encoding").isPresent();
  }

  private long announced() {
    long length = course.body().length();
    return course.ending() == Ending.TRUNCATE
        ? Math.max(length, Math.min(length, course.cutAfter()) + 1)
        : length;
  }

  private void body() throws IOException {
    Body body = course.body();
    long left = course.cutAfter();
    boolean first = true;
    for (byte[] piece : body.pieces()) {
      if (left == 0) {
        return;
      }
      if (!first && !body.between().isZero()) {
        out.flush();
        connection.pause(body.between());
      }
      first = false;
      int count = (int) Math.min(piece.length, left);
      piece(piece, count);
      left -= count;
    }
    if (delimiter == Delimiter.CHUNKS && course.cutAfter() == Long.MAX_VALUE) {
      out.write(LAST_CHUNK);
    }
  }

  private void piece(byte[] piece, int count) throws IOException {
    if (delimiter == Delimiter.CHUNKS) {
      out.write(Integer.toHexString(piece.length).getBytes(ISO_8859_1));
      out.write(LINE_END);
    }
    out.write(piece, 0, count);
    if (delimiter == Delimiter.CHUNKS && count == piece.length) {
      out.write(LINE_END);
    }
  }
}
