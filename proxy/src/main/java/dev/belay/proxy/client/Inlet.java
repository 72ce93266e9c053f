package dev.belay.proxy.client;

import dev.belay.http.Lease;
import dev.belay.proxy.client.ProxyRequest.Method;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response as it comes in. Tells one that is whole from one that broke off, also
 * where the connection ended as if all were well. For one event loop.
 */
final class Inlet {
  private final HttpClientResponse response;
  private final Lease lease;
  private final Executor loop;
  private final long expected;
  private final boolean endsWithConnection;
  private long count;
  private boolean over;
  private boolean draining;

  /** Who takes the body. */
  interface Sink {
    void bytes(Buffer bytes);

    /** Nothing is missing; no more will come. */
    void whole();

    /** The rest will not come. */
    void broken(String why);
  }

  /** Takes over a response that is paused. */
  Inlet(HttpClientResponse response, Lease lease, Method method, Executor loop) {
    this.response = response;
    this.lease = lease;
    this.loop = loop;
    int status = response.statusCode();
    boolean bodiless = method == Method.HEAD || status == 204 || status == 304;
    String length = response.getHeader("Content-Length");
    this.expected = bodiless ? 0 : length(length);
    this.endsWithConnection =
        !bodiless
            && length == null
            && response.version() != HttpVersion.HTTP_2
            && !response.headers().contains("Transfer-Encoding");
    response.exceptionHandler(cause -> over = true); // until somebody takes it
  }

  private static long length(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > 18) {
      return -1;
    }
    return text.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.parseLong(text) : -1;
  }

  /** Starts to read. */
  void into(Sink sink) {
    if (over) {
      sink.broken("the connection broke");
      return;
    }
    response.handler(bytes -> {
      count += bytes.length();
      if (!over) {
        sink.bytes(bytes);
      }
    });
    response.endHandler(none -> end(sink));
    response.exceptionHandler(cause -> broken(sink));
    response.resume();
  }

  /** Whatever arrived before the connection broke is read first, however slow the sink is. */
  private void broken(Sink sink) {
    if (!draining && !over) {
      draining = true;
      response.resume();
      loop.execute(() -> fail(sink, "the connection broke"));
    }
  }

  private void end(Sink sink) {
    if (expected >= 0 && count != expected) {
      fail(sink, "%d bytes were announced".formatted(expected));
    } else if (endsWithConnection && draining) {
      fail(sink, "the connection broke");
    } else if (endsWithConnection && !lease.endedInOrder()) {
      fail(sink, "the connection was closed without the goodbye of TLS");
    } else if (!over) {
      over = true;
      sink.whole();
    }
  }

  private void fail(Sink sink, String why) {
    if (!over) {
      over = true;
      sink.broken("the body broke off after %d bytes: %s".formatted(count, why));
    }
  }

  void pause() {
    if (!draining) {
      response.pause();
    }
  }

  void resume() {
    response.resume();
  }

  /** Wants no more of it; a connection that is not shared is closed. */
  void abandon() {
    if (!over) {
      over = true;
      var unused = response.request().reset();
    }
  }

  /** Wants none of it: a short body is read all the same, so that the connection can be kept. */
  void skip(long worthReading) {
    if (expected < 0 || expected > worthReading) {
      abandon();
    } else if (!over) {
      over = true;
      response.exceptionHandler(broken -> {});
      response.handler(bytes -> {});
      response.endHandler(none -> {});
      response.resume();
    }
  }
}
