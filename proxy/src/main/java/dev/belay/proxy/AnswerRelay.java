package dev.belay.proxy;

import dev.belay.Time;
import dev.belay.http.HopHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Hands an upstream's answer to the client, no faster than the client takes it. From here on
 * nothing is tried again: the client has seen the first byte. For one event loop.
 */
final class AnswerRelay {
  private final Engine engine;
  private final HttpServerRequest request;
  private final HttpServerResponse out;
  private final Answer answer;
  private final HttpClientResponse in;
  private final Executor loop;
  private final Runnable done;
  private Time.@Nullable Timer limit;
  private boolean over;

  /** What is still to come of a body whose length was announced; below 0 for others. */
  private long left = -1;

  /** {@code done} is run once, when nothing more will be read or written. */
  AnswerRelay(
      Engine engine, HttpServerRequest request, Answer answer, Executor loop, Runnable done) {
    this.engine = engine;
    this.request = request;
    this.out = request.response();
    this.answer = answer;
    this.in = answer.response();
    this.loop = loop;
    this.done = done;
  }

  void start() {
    in.exceptionHandler(cause -> broken());
    if (out.closed()) {
      abandon();
    } else if (in.statusCode() == 101) {
      over();
      new Upgrade(engine, request, in, loop).start();
    } else {
      relay();
    }
  }

  private void relay() {
    head();
    out.exceptionHandler(gone -> abandon());
    out.closeHandler(none -> abandon());
    if (hasNoBody()) {
      in.handler(none -> {});
      in.endHandler(none -> {});
      end();
    } else {
      in.handler(this::pass);
      in.endHandler(none -> end());
    }
    in.resume();
  }

  private void head() {
    out.setStatusCode(in.statusCode());
    String phrase = in.statusMessage();
    if (phrase != null && !phrase.isEmpty()) {
      out.setStatusMessage(phrase);
    }
    // a copy: what we take out still says how the connection to the upstream goes on
    MultiMap headers = out.headers().setAll(in.headers());
    HopHeaders.cleanResponse(headers, false);
    if (answer.number() > 1) {
      headers.set("X-Belay-Attempts", Integer.toString(answer.number()));
    }
    if (hasNoBody()) {
      return;
    }
    String length = headers.get("Content-Length");
    if (length == null) {
      out.setChunked(true);
    } else {
      left = number(length);
    }
  }

  private static long number(String length) {
    try {
      return Long.parseLong(length);
    } catch (NumberFormatException unclear) {
      return -1; // the parser knows what to make of it
    }
  }

  private boolean hasNoBody() {
    int status = in.statusCode();
    return request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
  }

  private void pass(Buffer bytes) {
    engine.traffic().bytesDown.add(bytes.length());
    left -= bytes.length();
    if (left == 0 && over()) {
      var unused = out.end(bytes); // one message with the head, instead of three
      return;
    }
    begin();
    var unused = out.write(bytes);
    if (out.writeQueueFull()) {
      in.pause();
      out.drainHandler(none -> in.resume());
    }
  }

  /** What does not come whole with its head has a limit; most does, and needs no timer. */
  private void begin() {
    if (limit == null) {
      long most = engine.settings().timeouts().transfer().toNanos();
      limit = engine.time().after(most, loop, this::expire);
    }
  }

  /** As if it had broken off, but it is nobody's fault. */
  private void expire() {
    if (over()) {
      var unused = in.request().reset();
      var unusedToo = out.reset();
    }
  }

  private void end() {
    if (over()) {
      if (out.isChunked()) {
        out.trailers().setAll(in.trailers());
      }
      var unused = out.end();
    }
  }

  /** A body that breaks off must not look whole: the client's connection is broken too. */
  private void broken() {
    if (over()) {
      engine.evidence().brokeOff(answer.target().name(), answer.upstream());
      var unused = out.reset();
    }
  }

  private void abandon() {
    if (over()) {
      var unused = in.request().reset();
    }
  }

  /** Whether this ends it, which can happen only once. */
  private boolean over() {
    boolean first = !over;
    over = true;
    if (first) {
      Time.Timer begun = limit;
      if (begun != null) {
        begun.cancel();
      }
      done.run();
    }
    return first;
  }
}
