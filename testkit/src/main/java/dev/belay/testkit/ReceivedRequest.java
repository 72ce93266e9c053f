package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;

/**
 * A request as an origin got it, byte for byte. Immutable.
 *
 * <pre>{@code
 * assertThat(origin.requests()).extracting(ReceivedRequest::path).containsExactly("/a", "/b");
 * }</pre>
 */
public final class ReceivedRequest {
  private final RequestLine line;
  private final Head head;
  private final byte[] body;
  private final long bodyLength;
  private final long arrivalNanos;
  private final long connection;

  ReceivedRequest(RequestLine line, Head head, Capture body, long arrivalNanos, long connection) {
    this.line = line;
    this.head = head;
    this.body = body.kept();
    this.bodyLength = body.length();
    this.arrivalNanos = arrivalNanos;
    this.connection = connection;
  }

  /** The method, {@code GET} say. */
  public String method() {
    return line.method();
  }

  /** The request target as it was sent, query included. */
  public String target() {
    return line.target();
  }

  /** The target without its query. */
  public String path() {
    int query = target().indexOf('?');
    return query < 0 ? target() : target().substring(0, query);
  }

  /** {@code HTTP/1.1} or {@code HTTP/1.0}. */
  public String version() {
    return line.version();
  }

  /** All headers in the order they came, duplicates included. */
  public List<Header> headers() {
    return head.headers();
  }

  /** The value of the first header of that name, in any case. */
  public Optional<String> header(String name) {
    return head.first(name);
  }

  /** A copy of the body, without chunk lines, cut at the origin's body limit. */
  public byte[] body() {
    return body.clone();
  }

  /** The body read as UTF-8. */
  public String bodyText() {
    return new String(body, UTF_8);
  }

  /** How many bytes the body had, those over the limit included. */
  public long bodyLength() {
    return bodyLength;
  }

  /** When the head had been read, on the clock of {@link System#nanoTime}. */
  public long arrivalNanos() {
    return arrivalNanos;
  }

  /** The number of the connection it came on, from 1 in order of acceptance. */
  public long connection() {
    return connection;
  }

  Head head() {
    return head;
  }

  /** Bytes it takes to remember this. */
  long size() {
    return head.bytes() + (long) body.length;
  }

  /** The request line, the headers, an empty line and the body, with line feeds between. */
  public String text() {
    StringBuilder text = new StringBuilder(256);
    text.append(head.startLine()).append('\n');
    for (Header header : headers()) {
      text.append(header.name()).append(": ").append(header.value()).append('\n');
    }
    return text.append('\n').append(bodyText()).toString();
  }

  /** The request line and the length of the body; never headers, which may hold secrets. */
  @Override
  public String toString() {
    return head.startLine() + " (" + bodyLength + " bytes)";
  }
}
