package dev.belay.server.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;

/** Sends what a client gets, with what all answers have in common. */
final class Answers {
  private static final long LINGER_MILLIS = 1_000;

  private Answers() {}

  static void send(RoutingContext ctx, Reply reply) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(reply.status())
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
    reply.headers().forEach(response::putHeader);
    boolean unread = Bodies.has(ctx.request()) && !ctx.request().isEnded();
    if (unread) {
      response.putHeader("Connection", "close");
    }
    Future<Void> sent = reply.status() == 204 ? response.end() : response.end(reply.body());
    if (unread) {
      // a client that is still sending would take an early close for a failure and miss the answer
      ctx.request().resume();
      Future<Void> unused =
          sent.compose(none -> ctx.request().end().timeout(LINGER_MILLIS, TimeUnit.MILLISECONDS))
              .eventually(() -> ctx.request().connection().close());
    }
  }

  static void send(RoutingContext ctx, ApiProblem problem) {
    send(ctx, SessionErrors.reply(ctx, problem));
  }
}
