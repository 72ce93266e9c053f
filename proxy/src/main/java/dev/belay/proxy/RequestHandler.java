package dev.belay.proxy;

import dev.belay.Call;
import dev.belay.http.HopHeaders;
import dev.belay.http.ReplayBody;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Serves requests in absolute form: those for http:// targets. For one event loop. */
final class RequestHandler {
  private static final String SCHEME = "http://";

  private final Vertx vertx;
  private final Engine engine;
  private final UpstreamClient client;
  private final Executor loop;

  RequestHandler(Vertx vertx, Context context, Engine engine, UpstreamClient client) {
    this.vertx = vertx;
    this.engine = engine;
    this.client = client;
    this.loop = task -> context.runOnContext(none -> task.run());
  }

  /** What a request line asks for. */
  private record Asked(Target target, String path) {

    static Optional<Asked> of(String uri) {
      if (!uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
        return Optional.empty();
      }
      int end = SCHEME.length();
      while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
        end++;
      }
      String authority = uri.substring(SCHEME.length(), end);
      String rest = uri.substring(end);
      int fragment = rest.indexOf('#');
      String sent = fragment < 0 ? rest : rest.substring(0, fragment);
      String path = sent.startsWith("/") ? sent : "/" + sent;
      return Target.parse(authority, 80).map(target -> new Asked(target, path));
    }
  }

  void handle(HttpServerRequest request) {
    engine.traffic().requests.increment();
    String uri = request.uri();
    if (uri.startsWith("/")) {
      refuse(request, Refusal.noProxyRequest());
      return;
    }
    Optional<Asked> asked = Asked.of(uri);
    if (asked.isEmpty()) {
      refuse(request, Refusal.malformedTarget());
      return;
    }
    Wishes wishes = Wishes.take(request.headers());
    switch (Admission.of(engine, wishes, asked.get().target())) {
      case Admission.Refused refused -> refuse(request, refused.why());
      case Admission.Granted granted -> forward(request, asked.get(), wishes, granted.visit());
    }
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    engine.traffic().refusals.increment();
    // what remains of a body would have to be read to keep the connection
    refusal.send(request, hasBody(request));
  }

  private static boolean hasBody(HttpServerRequest request) {
    MultiMap headers = request.headers();
    String length = headers.get("Content-Length");
    return headers.contains("Transfer-Encoding") || (length != null && !length.equals("0"));
  }

  private void forward(HttpServerRequest request, Asked asked, Wishes wishes, Visit visit) {
    ReplayBody body = hasBody(request) ? collect(request) : null;
    MultiMap headers = headers(request, asked.target(), body == null);
    Call call = engine.call(asked.target(), wishes, engine.repeats(request.method()));
    Exchange.Order order =
        new Exchange.Order(
            asked.target(),
            visit,
            wishes.policy(engine.policies()),
            request.method(),
            asked.path(),
            headers,
            body);
    Exchange exchange = new Exchange(engine, client, loop, order);
    CompletableFuture<Answer> answer = engine.belay().callAsync(call, exchange, loop);
    HttpServerResponse response = request.response();
    response.closeHandler(none -> {
      if (!response.ended()) {
        answer.cancel(true);
      }
    });
    var unused =
        answer.whenComplete((found, failure) -> {
          visit.over();
          finish(request, body, found, failure);
        });
  }

  private ReplayBody collect(HttpServerRequest request) {
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      var unused = request.response().writeContinue();
    }
    return ReplayBody.of(vertx, request, engine.settings().limits().body());
  }

  private static MultiMap headers(HttpServerRequest request, Target target, boolean mayUpgrade) {
    MultiMap headers = request.headers();
    // the way to the target speaks HTTP/1.1, whatever its end could speak
    boolean toHttp2 = headers.contains("Upgrade", "h2c", true);
    HopHeaders.cleanRequest(headers, mayUpgrade && !toHttp2);
    headers.remove("Expect");
    headers.set("Host", target.authority());
    return headers;
  }

  private void finish(
      HttpServerRequest request,
      @Nullable ReplayBody body,
      @Nullable Answer answer,
      @Nullable Throwable failure) {
    Runnable done = () -> finish(body);
    if (answer != null) {
      new AnswerRelay(engine, request, answer, loop, done).start();
    } else {
      Refusal.of(failure, engine).send(request, body != null && !body.hasArrived());
      done.run();
    }
  }

  /** What still arrives of a body is dropped from here on. */
  private void finish(@Nullable ReplayBody body) {
    if (body != null) {
      engine.traffic().bytesUp.add(body.size());
      var unused = body.close();
    }
  }
}
