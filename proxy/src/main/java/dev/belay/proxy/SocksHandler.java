package dev.belay.proxy;

import dev.belay.CallFailed;
import dev.belay.ErrorClass;
import dev.belay.http.Credentials;
import dev.belay.http.SocksLogin;
import dev.belay.http.SocksReply;
import dev.belay.http.SocksRequest;
import dev.belay.http.SocksRequests;
import dev.belay.http.Tunnel;
import io.vertx.core.net.NetSocket;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Serves SOCKS 4, 4a and 5. For one event loop. */
final class SocksHandler {
  private final Engine engine;
  private final Tunnels tunnels;
  private final SocksLogin login;

  SocksHandler(Engine engine, Tunnels tunnels) {
    this.engine = engine;
    this.tunnels = tunnels;
    this.login =
        engine.settings().access().users().isEmpty()
            ? SocksLogin.OPTIONAL
            : SocksLogin.required(engine::admits);
  }

  void handle(NetSocket socket) {
    SocksRequests.read(socket, login, engine.settings().timeouts().head())
        .onSuccess(this::serve)
        .onFailure(malformed -> engine.traffic().refusals.increment());
  }

  private void serve(SocksRequest request) {
    Target target = new Target(request.host().toLowerCase(Locale.ROOT), request.port());
    Wishes wishes =
        request.credentials().map(SocksHandler::wishes).orElseGet(() -> Wishes.of("", ""));
    switch (Admission.of(engine, wishes, target)) {
      case Admission.Refused refused -> refuse(request, refused.why());
      case Admission.Granted granted ->
          dial(request, tunnels.dial(target, wishes, granted.visit()));
    }
  }

  private void refuse(SocksRequest request, Refusal why) {
    engine.traffic().refusals.increment();
    reply(request, why.status() == 503 ? SocksReply.HOST_UNREACHABLE : SocksReply.NOT_ALLOWED);
  }

  private void dial(SocksRequest request, CompletableFuture<Tunnel> tunnel) {
    request.socket().closeHandler(none -> tunnel.cancel(true));
    var unused = tunnel.whenComplete((opened, failure) -> finish(request, opened, failure));
  }

  private static Wishes wishes(Credentials credentials) {
    return Wishes.of(credentials.user(), credentials.password());
  }

  private void finish(SocksRequest request, @Nullable Tunnel tunnel, @Nullable Throwable failure) {
    if (tunnel != null) {
      request
          .reply(SocksReply.SUCCEEDED)
          .onComplete(
              none -> tunnels.join(request.socket(), tunnel),
              gone -> {
                tunnel.close();
              });
    } else if (failure != null) {
      reply(request, replyTo(failure));
    }
  }

  private static void reply(SocksRequest request, SocksReply reply) {
    var unused = request.reply(reply);
  }

  private static SocksReply replyTo(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (!(cause instanceof CallFailed failed) || failed.report().attempts().isEmpty()) {
      return SocksReply.GENERAL_FAILURE;
    }
    ErrorClass last = failed.report().attempts().getLast().verdict().errorClass();
    return switch (last) {
      case TIMEOUT -> SocksReply.TTL_EXPIRED;
      case DNS, STATUS, CONNECT -> SocksReply.HOST_UNREACHABLE;
      case INVALID -> SocksReply.NOT_ALLOWED;
      case NONE, TLS, RESET, PROTOCOL, THROTTLED, AUTH, REJECTED, CANCELLED, OTHER ->
          SocksReply.GENERAL_FAILURE;
    };
  }
}
