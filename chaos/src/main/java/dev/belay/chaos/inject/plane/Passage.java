package dev.belay.chaos.inject.plane;

import dev.belay.chaos.inject.Doings.BodyFaults;
import dev.belay.chaos.inject.Struck;
import dev.belay.http.Connections;
import dev.belay.http.HopHeaders;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to the service and the answer on its way back, neither held whole. For its
 * event loop.
 */
final class Passage {
  private final Context context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final String kinds;
  private @Nullable HttpClientRequest upstream;
  private boolean over;

  /**
   * A request.
   *
   * @param kinds what happens to it, for the header of the answer; empty if nothing does
   */
  Passage(Context context, HttpServerRequest request, String kinds) {
    this.context = context;
    this.request = request;
    this.response = request.response();
    this.kinds = kinds;
    response.closeHandler(none -> callerLeft());
    response.exceptionHandler(none -> callerLeft());
    request.exceptionHandler(none -> callerLeft());
  }

  private void callerLeft() {
    if (!over) {
      dropUpstream();
    }
    over = true;
  }

  /** Cuts the caller's connection. */
  void reset() {
    over = true;
    Connections.reset(request.connection());
  }

  /** Answers in place of the service. */
  void answer(int status, String text) {
    if (over || response.ended()) {
      return;
    }
    over = true;
    mark();
    request.handler(null);
    request.resume();
    response.setStatusCode(status).putHeader("content-type", "text/plain");
    var unused = hasNoBody(status) ? response.end() : response.end(text);
  }

  private void mark() {
    if (!kinds.isEmpty()) {
      response.putHeader(Struck.HEADER, kinds);
    }
  }

  private boolean hasNoBody(int status) {
    return status == 204 || status == 304;
  }

  /**
   * Lets the service answer.
   *
   * @param rewrite the status in place of the service's
   */
  void forward(HttpClient client, Front.At to, Optional<Integer> rewrite, BodyFaults faults) {
    if (over) {
      return;
    }
    RequestOptions options =
        new RequestOptions()
            .setHost(to.host())
            .setPort(to.port())
            .setMethod(request.method())
            .setURI(OriginForm.of(request.uri()));
    client
        .request(options)
        .compose(this::send)
        .onComplete(
            answered -> back(answered, rewrite, faults),
            failure -> {
              var unused = failure.getMessage();
              answer(502, "The service behind this fault proxy cannot be reached.");
            });
  }

  private Future<HttpClientResponse> send(HttpClientRequest out) {
    upstream = out;
    if (over) {
      var unused = out.reset();
      return Future.failedFuture("the caller left");
    }
    String length = request.headers().get("content-length");
    boolean hasBody =
        request.headers().contains("transfer-encoding") || (length != null && !length.equals("0"));
    out.headers().setAll(request.headers());
    HopHeaders.cleanRequest(out.headers(), false);
    out.headers().remove("expect");
    if (!hasBody) {
      request.resume();
      return out.send();
    }
    if (!out.headers().contains("content-length")) {
      out.setChunked(true);
    }
    var unused = request.pipeTo(out).recover(broken -> out.reset().mapEmpty());
    return out.response();
  }

  private void back(HttpClientResponse answered, Optional<Integer> rewrite, BodyFaults faults) {
    if (over) {
      var unused = answered.request().reset();
      return;
    }
    int status = rewrite.orElse(answered.statusCode());
    response.setStatusCode(status);
    if (rewrite.isEmpty()) {
      response.setStatusMessage(answered.statusMessage());
    }
    response.headers().setAll(answered.headers());
    HopHeaders.cleanResponse(response.headers(), false);
    mark();
    if (request.method().equals(HttpMethod.HEAD)
        || hasNoBody(answered.statusCode())
        || hasNoBody(status)) {
      over = true;
      answered.resume();
      var unused = response.end();
      return;
    }
    if (!response.headers().contains("content-length")) {
      response.setChunked(true);
    }
    if (faults.equals(BodyFaults.NONE)) {
      relay(answered);
    } else {
      alter(answered, faults);
    }
  }

  private void relay(HttpClientResponse answered) {
    answered.pipeTo(response).onComplete(done -> over = true, this::broke);
  }

  /** An answer that broke off must not look whole. */
  private void broke(Throwable cause) {
    var unused = cause.getMessage();
    if (!over) {
      over = true;
      reset();
    }
  }

  private void alter(HttpClientResponse answered, BodyFaults faults) {
    new AlteredBody(context, answered, response, faults).start(this::broke, this::cut);
  }

  /** Ends the connection where the rest of the body should be. */
  private void cut() {
    over = true;
    dropUpstream();
    var unused = response.write(Buffer.buffer()).eventually(() -> request.connection().close());
  }

  private void dropUpstream() {
    HttpClientRequest open = upstream;
    if (open != null) {
      var unused = open.reset();
    }
  }
}
