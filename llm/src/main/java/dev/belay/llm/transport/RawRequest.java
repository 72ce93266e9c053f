package dev.belay.llm.transport;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.provider.Headers;

/**
 * A request that is passed on as it is, but for login and host. Prints neither values of headers
 * nor the body.
 */
public final class RawRequest {
  private final String method;
  private final String path;
  private final Headers headers;
  private final byte[] body;

  /**
   * One to be passed on.
   *
   * @param path below the endpoint's base address, with its query; begins with a slash
   * @param headers the caller's; those of the connection, the login and the host are replaced
   * @param body not copied, so not to be changed afterwards
   */
  public RawRequest(String method, String path, Headers headers, byte[] body) {
    this.method = requireNonNull(method, "method");
    this.path = requireNonNull(path, "path");
    this.headers = requireNonNull(headers, "headers");
    this.body = requireNonNull(body, "body");
    Check.that(path.startsWith("/"), "path must begin with a slash, was '%s'", path);
  }

  /** {@code POST}, say. */
  public String method() {
    return method;
  }

  /** Below the endpoint's base address, with its query. */
  public String path() {
    return path;
  }

  /** The caller's headers. */
  public Headers headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  @Override
  public String toString() {
    return "RawRequest[%s %s, %s, %d bytes]".formatted(method, path, headers, body.length);
  }
}
