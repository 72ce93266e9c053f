package dev.belay.proxy;

import dev.belay.http.Tunnel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Serves CONNECT. For one event loop. */
final class ConnectHandler {
  private final Engine engine;
  private final Tunnels tunnels;

  ConnectHandler(Engine engine, Tunnels tunnels) {
    this.engine = engine;
    this.tunnels = tunnels;
  }

  void handle(HttpServerRequest request) {
    Optional<Target> target = Target.parse(request.uri(), -1);
    if (target.isEmpty()) {
      refuse(request, Refusal.malformedTarget());
      return;
    }
    Wishes wishes = Wishes.take(request.headers());
    switch (Admission.of(engine, wishes, target.get())) {
      case Admission.Refused refused -> refuse(request, refused.why());
      case Admission.Granted granted ->
          dial(request, tunnels.dial(target.get(), wishes, granted.visit()));
    }
  }

  private void dial(HttpServerRequest request, CompletableFuture<Tunnel> tunnel) {
    request.response().closeHandler(none -> tunnel.cancel(true));
    var unused = tunnel.whenComplete((opened, failure) -> finish(request, opened, failure));
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    engine.traffic().refusals.increment();
    refusal.send(request, refusal.status() != 407);
  }

  private void finish(
      HttpServerRequest request, @Nullable Tunnel tunnel, @Nullable Throwable failure) {
    HttpServerResponse response = request.response();
    if (tunnel != null) {
      response.closeHandler(none -> {});
      request
          .toNetSocket()
          .onComplete(
              client -> tunnels.join(client, tunnel),
              gone -> {
                tunnel.close();
              });
    } else {
      Refusal.of(failure, engine).send(request, true);
    }
  }
}
