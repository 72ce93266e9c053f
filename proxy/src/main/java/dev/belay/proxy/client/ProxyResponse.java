package dev.belay.proxy.client;

import dev.belay.CallReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * What a target answered. Its body is all there ({@link ProxyClient#send}) or is read as it comes
 * ({@link ProxyClient#stream}); only the latter needs to be closed. All but its body is safe for
 * any number of threads.
 */
public final class ProxyResponse implements AutoCloseable {
  private final ResponseHead head;
  private final CallReport report;
  private final InputStream body;
  private final int mostBytes;

  /** {@code body} can be read once, unless it can be reset. */
  ProxyResponse(ResponseHead head, CallReport report, InputStream body, int mostBytes) {
    this.head = head;
    this.report = report;
    this.body = body;
    this.mostBytes = mostBytes;
  }

  /** The status, 200 to 999. */
  public int status() {
    return head.status();
  }

  /** The headers. */
  public HttpHeaders headers() {
    return head.headers();
  }

  /** The first header of that name, in any case. */
  public Optional<String> header(String name) {
    return head.headers().firstValue(name);
  }

  /** What the target spoke. */
  public HttpClient.Version version() {
    return head.version();
  }

  /** Where it came from: where the request went, or where the last redirect led. */
  public URI uri() {
    return head.uri();
  }

  /**
   * The name of the proxy that brought it: {@code scheme://host:port}, and its id if it has a user.
   */
  public String proxy() {
    return head.proxy();
  }

  /** The id of that proxy. */
  public String proxyId() {
    return head.proxyId();
  }

  /**
   * Whether its status counts as a failure, and there was no further attempt: {@link #report} says
   * why.
   */
  public boolean isExhausted() {
    return head.exhausted();
  }

  /** Each attempt, where it went, and what came of it; after redirects, of the last request. */
  public CallReport report() {
    return report;
  }

  /**
   * The body.
   *
   * @throws UncheckedIOException if it is read as it comes and breaks off, or is larger than {@link
   *     ClientLimits#bodyBytes}
   */
  public byte[] bytes() {
    try {
      body.reset();
    } catch (IOException notKept) {
      return rest();
    }
    return rest();
  }

  private byte[] rest() {
    try {
      byte[] bytes = body.readNBytes(mostBytes);
      if (bytes.length == mostBytes && body.read() >= 0) {
        throw new IOException(
            "the body is larger than %d bytes: allow more, or read it as a stream"
                .formatted(mostBytes));
      }
      return bytes;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * The body as text, in the character set that it names, or else UTF-8.
   *
   * @throws UncheckedIOException as {@link #bytes}
   */
  public String text() {
    return new String(bytes(), charset());
  }

  private Charset charset() {
    String type = header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    int at = type.indexOf("charset=");
    if (at < 0) {
      return StandardCharsets.UTF_8;
    }
    String name = type.substring(at + 8).split("[;,\\s]", 2)[0].replace("\"", "");
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException unknown) {
      return StandardCharsets.UTF_8;
    }
  }

  /**
   * The body to be read once, no faster than it comes, and coming no faster than it is read. A body
   * that breaks off throws {@link IOException}; it never ends early without one. Reading gives up
   * when the thread is interrupted.
   */
  public InputStream stream() {
    return body;
  }

  /** Wants no more of the body. */
  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException ignored) {
      // nobody wants it any more
    }
  }

  /** Status, target and proxy. */
  @Override
  public String toString() {
    return "%d from %s through %s".formatted(status(), report.target(), proxy());
  }

  static InputStream kept(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }
}
