package dev.belay.proxy;

import dev.belay.Time;
import dev.belay.http.HopHeaders;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which client and target agreed to speak another protocol: whatever it is passes
 * as it comes. It ends for both when one of them ends it. For one event loop.
 */
final class Upgrade {
  private final Engine engine;
  private final Traffic traffic;
  private final HttpServerRequest request;
  private final HttpClientResponse in;
  private final Executor loop;
  private Time.@Nullable Timer limit;
  private boolean over;

  Upgrade(Engine engine, HttpServerRequest request, HttpClientResponse in, Executor loop) {
    this.engine = engine;
    this.loop = loop;
    this.traffic = engine.traffic();
    this.request = request;
    this.in = in;
  }

  void start() {
    NetSocket upstream = in.netSocket();
    upstream.pause();
    var headers = request.response().headers().setAll(in.headers());
    HopHeaders.cleanResponse(headers, true);
    request
        .toNetSocket()
        .onComplete(
            client -> join(client, upstream),
            gone -> {
              var unused = upstream.close();
            });
  }

  private void join(NetSocket client, NetSocket upstream) {
    traffic.openTunnels.incrementAndGet();
    // a proxy that shuts down leaves it open until its time is over
    client.shutdownHandler(none -> {});
    long most = engine.settings().timeouts().transfer().toNanos();
    limit = engine.time().after(most, loop, () -> end(client, upstream));
    pass(client, upstream, true);
    pass(upstream, client, false);
  }

  private void pass(NetSocket from, NetSocket to, boolean up) {
    from.handler(bytes -> pass(bytes, from, to, up));
    from.exceptionHandler(broken -> end(from, to));
    from.endHandler(none -> end(from, to));
    from.closeHandler(none -> end(from, to));
    from.resume();
  }

  private void pass(Buffer bytes, NetSocket from, NetSocket to, boolean up) {
    (up ? traffic.bytesUp : traffic.bytesDown).add(bytes.length());
    var unused = to.write(bytes);
    if (to.writeQueueFull()) {
      from.pause();
      to.drainHandler(none -> from.resume());
    }
  }

  private void end(NetSocket one, NetSocket other) {
    if (!over) {
      over = true;
      Time.Timer begun = limit;
      if (begun != null) {
        begun.cancel();
      }
      traffic.openTunnels.decrementAndGet();
      one.shutdownHandler(null); // or it would be asked instead of closed
      other.shutdownHandler(null);
      // what was written before goes out first
      var unused = one.close();
      var unusedToo = other.close();
    }
  }
}
