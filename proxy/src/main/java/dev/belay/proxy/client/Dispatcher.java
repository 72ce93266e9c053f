package dev.belay.proxy.client;

import dev.belay.Time;
import dev.belay.http.HttpLinks;
import dev.belay.http.Loops;
import dev.belay.http.ReplayBody;
import dev.belay.http.TargetTls;
import dev.belay.http.TunnelDialer;
import dev.belay.proxy.PrivateNetworks;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Brings requests of any thread to event loops, and what they came to back. */
final class Dispatcher {
  private static final int MOST_LOOPS = 4;

  private final Rules rules;
  private final Delivery delivery;
  private final Executor executor;
  private final Vertx vertx;
  private final List<ClientLoop> loops = new ArrayList<>();
  private final ReplayBody.Limits replay;
  private final Set<Journey> underWay = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean closed;

  Dispatcher(
      Rules rules,
      SSLContext targets,
      boolean http2,
      @Nullable Path proxyTrust,
      Executor executor) {
    this.rules = rules;
    this.delivery = new Delivery(rules.manner());
    this.executor = executor;
    ClientLimits limits = rules.manner().limits();
    Path spool = Path.of(System.getProperty("java.io.tmpdir"), "belay-bodies");
    this.replay = new ReplayBody.Limits(limits.replayMemoryBytes(), limits.replayBytes(), spool);
    int threads = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
    this.vertx = Loops.inBackground(threads).vertx();
    TargetTls tls = new TargetTls(targets, http2);
    boolean allowPrivate = rules.manner().allowPrivate();
    TunnelDialer dialer =
        new TunnelDialer(
            vertx,
            Time.system(),
            proxyTls(proxyTrust),
            address -> allowPrivate || !PrivateNetworks.contain(address));
    for (int i = 0; i < threads; i++) {
      loops.add(loop(dialer, tls));
    }
  }

  private static ClientSSLOptions proxyTls(@Nullable Path trust) {
    ClientSSLOptions options = new ClientSSLOptions();
    if (trust != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(trust.toString()));
    }
    return options;
  }

  private ClientLoop loop(TunnelDialer dialer, TargetTls tls) {
    ClientLimits limits = rules.manner().limits();
    ClientTimeouts timeouts = rules.manner().timeouts();
    HttpLinks.Limits links =
        new HttpLinks.Limits(
            limits.connections(),
            limits.idleConnections(),
            timeouts.keepAlive(),
            timeouts.silence());
    ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
    CompletableFuture<ClientLoop> made = new CompletableFuture<>();
    context.runOnContext(none -> made.complete(new ClientLoop(vertx, context, dialer, tls, links)));
    return made.join();
  }

  /** One loop for each target, so that its connections are found again. */
  private ClientLoop loopFor(Destination to) {
    return loops.get(Math.floorMod(to.name().hashCode(), loops.size()));
  }

  /** The request on its way. */
  private Journey launch(ProxyRequest request, boolean streamed) {
    if (closed) {
      throw new IllegalStateException("the client is closed");
    }
    int most = rules.manner().limits().requests();
    if (count.incrementAndGet() > most) {
      count.decrementAndGet();
      throw Refusals.tooMany(most);
    }
    try {
      ClientLoop loop = loopFor(request.destination());
      Journey journey = new Journey(rules, loop, request, payload(request, loop), this::over);
      underWay.add(journey);
      loop.execute(() -> journey.begin(streamed));
      if (closed) {
        journey.cancel();
      }
      return journey;
    } catch (RuntimeException malformed) {
      count.decrementAndGet();
      throw malformed;
    }
  }

  private void over(Journey journey) {
    underWay.remove(journey);
    count.decrementAndGet();
  }

  private Payload payload(ProxyRequest request, ClientLoop loop) {
    return switch (request.body()) {
      case RequestBody.None none -> new Payload.Nothing();
      case RequestBody.Bytes bytes -> new Payload.InMemory(Buffer.buffer(bytes.content()));
      case RequestBody.File file -> inFile(file.path());
      case RequestBody.Stream stream -> {
        if (stream.taken().getAndSet(true)) {
          throw new IllegalStateException("a request whose body is a stream can be sent once");
        }
        yield new Payload.Streamed(vertx, loop.context(), stream, replay);
      }
    };
  }

  private Payload inFile(Path path) {
    try {
      return new Payload.InFile(vertx, path);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the file %s cannot be read".formatted(path), unreadable);
    }
  }

  ProxyResponse await(ProxyRequest request, boolean streamed) throws InterruptedException {
    Journey journey = launch(request, streamed);
    try {
      return delivery.deliver(journey.arrived().get());
    } catch (InterruptedException interrupted) {
      journey.cancel();
      throw interrupted;
    } catch (CancellationException closing) {
      throw new IllegalStateException("the client was closed", closing);
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case ProxyClientException failure -> {
          failure.fillInStackTrace(); // it was made elsewhere: here is where it matters
          throw failure;
        }
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException("an unforeseen failure", failed);
      }
    }
  }

  CompletableFuture<ProxyResponse> dispatch(ProxyRequest request, boolean streamed) {
    Journey journey;
    try {
      journey = launch(request, streamed);
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    CompletableFuture<ProxyResponse> response = new CompletableFuture<>();
    var unused =
        response.whenComplete((delivered, failure) -> {
          if (response.isCancelled()) {
            journey.cancel();
          }
        });
    var unusedToo =
        journey.arrived().whenComplete((arrived, failure) -> handOver(response, arrived, failure));
    return response;
  }

  private void handOver(
      CompletableFuture<ProxyResponse> response,
      @Nullable Arrived arrived,
      @Nullable Throwable failure) {
    try {
      executor.execute(() -> complete(response, arrived, failure));
    } catch (RejectedExecutionException refused) {
      if (arrived != null) {
        arrived.close();
      }
      response.completeExceptionally(refused);
    }
  }

  private void complete(
      CompletableFuture<ProxyResponse> response,
      @Nullable Arrived arrived,
      @Nullable Throwable failure) {
    if (arrived == null) {
      boolean closing = failure instanceof CancellationException;
      response.completeExceptionally(
          closing || failure == null
              ? new IllegalStateException("the client was closed", failure)
              : failure);
      return;
    }
    try {
      if (!response.complete(delivery.deliver(arrived))) {
        arrived.close();
      }
    } catch (RuntimeException | Error unwanted) {
      response.completeExceptionally(unwanted);
    }
  }

  /** Connections that are open, for tests. */
  int open() {
    if (closed) {
      return 0;
    }
    return loops.stream()
        .mapToInt(loop -> CompletableFuture.supplyAsync(loop::open, loop).join())
        .sum();
  }

  /** Requests that are under way. */
  int underWay() {
    return count.get();
  }

  void close() {
    if (closing.getAndSet(true)) {
      return;
    }
    closed = true;
    underWay.forEach(Journey::cancel);
    // behind the cancellations, on each loop
    for (ClientLoop loop : loops) {
      CompletableFuture.runAsync(() -> {}, loop).join();
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
