package dev.belay.proxy;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Hint;
import dev.belay.Verdict;
import dev.belay.http.HopHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;

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

  AnswerRelay(Engine engine, HttpServerRequest request, Answer answer) {
    this.engine = engine;
    this.request = request;
    this.out = request.response();
    this.answer = answer;
    this.in = answer.response();
  }

  void start() {
    if (out.closed()) {
      in.request().reset();
      return;
    }
    if (in.statusCode() == 101) {
      upgrade();
      return;
    }
    head();
    in.exceptionHandler(this::broken);
    out.exceptionHandler(gone -> abandon());
    out.closeHandler(none -> abandon());
    if (hasNoBody()) {
      in.endHandler(none -> {});
      in.resume();
      out.end();
      return;
    }
    in.handler(this::pass);
    in.endHandler(none -> end());
    in.resume();
  }

  private void head() {
    MultiMap headers = in.headers();
    HopHeaders.cleanResponse(headers, false);
    out.setStatusCode(in.statusCode());
    String phrase = in.statusMessage();
    if (phrase != null && !phrase.isEmpty()) {
      out.setStatusMessage(phrase);
    }
    out.headers().setAll(headers);
    if (answer.number() > 1) {
      out.putHeader("X-Belay-Attempts", Integer.toString(answer.number()));
    }
    if (!hasNoBody() && !headers.contains("Content-Length")) {
      out.setChunked(true);
    }
  }

  /** From here on it is a tunnel: whatever protocol they agreed on passes as it is. */
  private void upgrade() {
    NetSocket upstream = in.netSocket();
    upstream.pause();
    HopHeaders.cleanResponse(in.headers(), true);
    out.headers().setAll(in.headers());
    request
        .toNetSocket()
        .onComplete(
            client -> {
              client.pipeTo(upstream);
              upstream.pipeTo(client);
            },
            gone -> {
              upstream.close();
            });
  }

  private boolean hasNoBody() {
    int status = in.statusCode();
    return request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
  }

  private void pass(Buffer bytes) {
    engine.traffic().bytesDown.add(bytes.length());
    out.write(bytes);
    if (out.writeQueueFull()) {
      in.pause();
      out.drainHandler(none -> in.resume());
    }
  }

  private void end() {
    if (out.isChunked()) {
      out.trailers().setAll(in.trailers());
    }
    out.end();
  }

  /** A body that breaks off must not look whole: the client's connection is broken too. */
  private void broken(Throwable cause) {
    Verdict broke = Verdict.retry(ErrorClass.RESET, Blame.UNKNOWN);
    Verdict verdict = engine.evidence().judge(answer.target().name(), answer.upstream(), broke);
    answer.upstream().breaker().tryAcquire().failure(verdict.blame(), Hint.NONE, 0);
    if (!out.ended()) {
      out.reset();
    }
  }

  private void abandon() {
    if (!out.ended()) {
      in.request().reset();
    }
  }
}
