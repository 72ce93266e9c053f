package dev.belay.chaos.inject.local;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import dev.belay.Time;
import dev.belay.chaos.inject.Doings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** An exchange whose answer gets another status, or another body. For the thread that answers. */
final class StruckExchange extends HttpExchange {
  private final HttpExchange inner;
  private final Doings doings;
  private final AlteredStream altered;
  private OutputStream body;
  private int status = -1;

  StruckExchange(HttpExchange inner, Doings doings, Time time) {
    this.inner = inner;
    this.doings = doings;
    this.altered = new AlteredStream(inner.getResponseBody(), doings.body(), time);
    this.body = altered;
  }

  /** Ends the connection if the body was cut: whatever the handler did, it must not look whole. */
  void breakOff() throws SocketException {
    if (altered.isCut()) {
      throw new SocketException("cut by a fault");
    }
  }

  @Override
  public void sendResponseHeaders(int code, long length) throws IOException {
    status = doings.rewrite().orElse(code);
    inner.sendResponseHeaders(status, length);
  }

  @Override
  public OutputStream getResponseBody() {
    return body;
  }

  @Override
  public int getResponseCode() {
    return status;
  }

  @Override
  public void close() {
    if (!altered.isCut()) {
      inner.close();
    }
  }

  @Override
  public Headers getRequestHeaders() {
    return inner.getRequestHeaders();
  }

  @Override
  public Headers getResponseHeaders() {
    return inner.getResponseHeaders();
  }

  @Override
  public URI getRequestURI() {
    return inner.getRequestURI();
  }

  @Override
  public String getRequestMethod() {
    return inner.getRequestMethod();
  }

  @Override
  public HttpContext getHttpContext() {
    return inner.getHttpContext();
  }

  @Override
  public InputStream getRequestBody() {
    return inner.getRequestBody();
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return inner.getRemoteAddress();
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return inner.getLocalAddress();
  }

  @Override
  public String getProtocol() {
    return inner.getProtocol();
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return inner.getAttribute(name);
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    inner.setAttribute(name, value);
  }

  @Override
  public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
    inner.setStreams(in, null);
    body = out == null ? body : out;
  }

  @Override
  public HttpPrincipal getPrincipal() {
    return inner.getPrincipal();
  }
}
