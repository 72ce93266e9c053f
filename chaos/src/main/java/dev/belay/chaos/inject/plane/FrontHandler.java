package dev.belay.chaos.inject.plane;

import dev.belay.Time;
import dev.belay.chaos.inject.Actions;
import dev.belay.chaos.inject.Doings;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.Strike;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.chaos.inject.Struck;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What one front does with requests. For its event loop. */
final class FrontHandler implements Handler<HttpServerRequest> {
  private final Vertx vertx;
  private final Front front;
  private final String callerHeader;
  private final HttpClient client;
  private final Parts parts;

  /**
   * What all fronts share.
   *
   * @param rules what strikes
   * @param receipts told of each strike; must not block
   * @param time for the receipts
   */
  record Parts(LiveRules rules, Consumer<StrikeReceipt> receipts, Time time) {}

  FrontHandler(Vertx vertx, Front front, String callerHeader, HttpClient client, Parts parts) {
    this.vertx = vertx;
    this.front = front;
    this.callerHeader = callerHeader;
    this.client = client;
    this.parts = parts;
  }

  @Override
  public void handle(HttpServerRequest request) {
    Context context = vertx.getOrCreateContext();
    if (request.method().equals(HttpMethod.CONNECT)
        || "websocket".equalsIgnoreCase(request.getHeader("upgrade"))) {
      new Passage(context, request, "")
          .answer(
              501, "Fault proxies carry no CONNECT and no WebSocket; go to the service itself.");
      return;
    }
    request.pause();
    SeenRequest seen = new SeenRequest(front, callerHeader, request);
    List<Strike> strikes = parts.rules().strikes(seen);
    if (strikes.isEmpty()) {
      new Passage(context, request, "")
          .forward(client, front.upstream(), Optional.empty(), Doings.BodyFaults.NONE);
    } else {
      strike(context, request, seen, strikes);
    }
  }

  private void strike(
      Context context, HttpServerRequest request, SeenRequest seen, List<Strike> strikes) {
    Struck struck = Struck.of(strikes, seen, parts.time().instant());
    Doings doings = struck.doings();
    struck.receipts().forEach(parts.receipts());
    Passage passage = new Passage(context, request, struck.kinds());
    if (doings.delayMs() > 0) {
      vertx.setTimer(doings.delayMs(), none -> go(passage, doings));
    } else {
      go(passage, doings);
    }
  }

  private void go(Passage passage, Doings doings) {
    Optional<Actions.Abort> abort = doings.abort();
    if (doings.reset()) {
      passage.reset();
    } else if (abort.isPresent()) {
      passage.answer(abort.get().status(), abort.get().body().orElse(Struck.BODY));
    } else {
      passage.forward(client, front.upstream(), doings.rewrite(), doings.body());
    }
  }
}
