package dev.belay.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.BreakerPolicy;
import dev.belay.Time;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import dev.belay.select.RoundRobin;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A pool that is filled by sources; closes whatever it opened. */
final class SourcesHarness {
  private final Vertx vertx = Vertx.vertx();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final UpstreamPool pool =
      new UpstreamPool(new RoundRobin(), BreakerPolicy.DEFAULT, Time.system(), event -> {});
  private volatile Gateway gateway = new Gateway("127.0.0.1", 1, "", "");
  private final ProxySources sources =
      closing(
          new ProxySources(
              vertx,
              pool,
              () -> gateway,
              new ClientSSLOptions(),
              Time.system(),
              Thread::startVirtualThread,
              new SplittableRandom(1)));

  /** Closes it after the test, the one that was opened last first. */
  <C extends AutoCloseable> C closing(C closeable) {
    open.addFirst(closeable);
    return closeable;
  }

  void gateway(Gateway other) {
    gateway = other;
  }

  UpstreamPool pool() {
    return pool;
  }

  void use(SourceSettings... settings) throws Exception {
    sources.use(List.of(settings)).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  List<String> names() {
    return pool.upstreams().stream().map(Upstream::name).toList();
  }

  /** Of the first source. */
  SourceStatus status() {
    return sources.status().getFirst();
  }

  boolean knows(String name) {
    return sources.refresh(name).isPresent();
  }

  SourceStatus refresh(String name) throws Exception {
    return sources.refresh(name).orElseThrow().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  void eventually(String what, Duration most, BooleanSupplier condition) {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("too late: " + what).isNegative();
      LockSupport.parkNanos(2_000_000);
    }
  }

  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
