package dev.belay.proxy;

import dev.belay.http.Splice;
import dev.belay.http.Tunnel;
import dev.belay.http.TunnelDialer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Opens tunnels for clients and keeps those that are open. For one event loop. */
final class Tunnels {
  private final Engine engine;
  private final TunnelDialer dialer;
  private final Executor loop;
  private final Set<Splice> open = new HashSet<>();

  Tunnels(Context context, Engine engine, TunnelDialer dialer) {
    this.engine = engine;
    this.dialer = dialer;
    this.loop = task -> context.runOnContext(none -> task.run());
  }

  /** A tunnel through the first proxy that opens one. */
  CompletableFuture<Tunnel> dial(Target target, Wishes wishes) {
    engine.traffic().tunnels.increment();
    return engine
        .belay()
        .callAsync(engine.call(target, wishes, true), new TunnelCall(engine, dialer, target), loop);
  }

  /** Joins a client with its tunnel; from here on nothing is tried again. */
  void join(NetSocket client, Tunnel tunnel) {
    Duration idle = engine.settings().timeouts().idle();
    Splice splice = Splice.join(client, tunnel.socket(), idle);
    Traffic traffic = engine.traffic();
    open.add(splice);
    traffic.openTunnels.incrementAndGet();
    splice
        .done()
        .onSuccess(result -> {
          open.remove(splice);
          traffic.openTunnels.decrementAndGet();
          traffic.bytesUp.add(result.bytesUp());
          traffic.bytesDown.add(result.bytesDown());
        });
  }

  /** Waits until no tunnel is open or the time is over, then cuts the rest and says how many. */
  Future<Integer> drained(Vertx vertx, long endNanos) {
    Promise<Integer> cut = Promise.promise();
    check(vertx, endNanos, cut);
    return cut.future();
  }

  private void check(Vertx vertx, long endNanos, Promise<Integer> cut) {
    if (open.isEmpty() || engine.time().nanos() - endNanos >= 0) {
      List<Splice> left = List.copyOf(open);
      left.forEach(Splice::close);
      cut.complete(left.size());
    } else {
      vertx.setTimer(20, none -> check(vertx, endNanos, cut));
    }
  }
}
