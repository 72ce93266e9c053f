package dev.belay.proxy;

import dev.belay.http.Splice;
import dev.belay.http.Tunnel;
import dev.belay.http.TunnelDialer;
import io.vertx.core.Context;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Opens tunnels for clients and joins them. For one event loop. */
final class Tunnels {
  private final Engine engine;
  private final TunnelDialer dialer;
  private final Executor loop;

  Tunnels(Context context, Engine engine, TunnelDialer dialer) {
    this.engine = engine;
    this.dialer = dialer;
    this.loop = task -> context.runOnContext(none -> task.run());
  }

  /** A tunnel through the first proxy that opens one. */
  CompletableFuture<Tunnel> dial(Target target, Wishes wishes, Visit visit) {
    engine.traffic().tunnels.increment();
    TunnelCall call = new TunnelCall(engine, dialer, target, visit);
    CompletableFuture<Tunnel> tunnel =
        engine.belay().callAsync(engine.call(target, wishes, true), call, loop);
    var unused = tunnel.whenComplete((opened, failure) -> visit.over());
    return tunnel; // not what hangs on it: to cancel that would not end the attempts
  }

  /** Joins a client with its tunnel; from here on nothing is tried again. */
  void join(NetSocket client, Tunnel tunnel) {
    ProxySettings.Timeouts limits = engine.settings().timeouts();
    Splice splice = Splice.join(client, tunnel.socket(), limits.idle(), limits.transfer());
    Traffic traffic = engine.traffic();
    traffic.openTunnels.incrementAndGet();
    splice
        .done()
        .onSuccess(result -> {
          traffic.openTunnels.decrementAndGet();
          traffic.bytesUp.add(result.bytesUp());
          traffic.bytesDown.add(result.bytesDown());
        });
  }
}
