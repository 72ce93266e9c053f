package dev.belay.proxy.client;

import dev.belay.Belay;
import dev.belay.Call;
import dev.belay.CallFailed;
import dev.belay.CallObserver;
import dev.belay.CallRefused;
import dev.belay.CallReport;
import dev.belay.Deadline;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.proxy.Connectivity;
import dev.belay.proxy.PrivateNetworks;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.Visit;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request of a caller, with all its attempts and redirects. For one event loop. */
final class Journey {
  private final Rules rules;
  private final ClientLoop loop;
  private final ProxyRequest request;
  private final Payload payload;
  private final RetryPolicy policy;
  private final Deadline deadline;
  private final Consumer<Journey> onOver;
  private final CompletableFuture<Arrived> arrived = new CompletableFuture<>();
  private @Nullable CompletableFuture<Received> current;
  private @Nullable CallReport report;
  private @Nullable BodyStream stream;
  private Time.@Nullable Timer limit;
  private int hops;
  private boolean over;

  /** {@code onOver} is run once, when nothing more will be read or written. */
  Journey(
      Rules rules,
      ClientLoop loop,
      ProxyRequest request,
      Payload payload,
      Consumer<Journey> onOver) {
    this.rules = rules;
    this.loop = loop;
    this.request = request;
    this.payload = payload;
    this.policy = rules.policyOf(request);
    this.onOver = onOver;
    Duration whole =
        request.timeout().compareTo(policy.timeout()) < 0 ? request.timeout() : policy.timeout();
    this.deadline = Deadline.in(whole, rules.time());
  }

  /** The end of it; fails with {@link ProxyClientException}. */
  CompletableFuture<Arrived> arrived() {
    return arrived;
  }

  void begin(boolean streamed) {
    int wholeBytes = streamed ? -1 : rules.manner().limits().bodyBytes();
    go(
        new Order(
            request.destination(),
            request.method(),
            headers(),
            payload,
            policy,
            request.isIdempotent(),
            wholeBytes));
  }

  private MultiMap headers() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    request
        .headers()
        .map()
        .forEach((name, values) -> values.forEach(one -> headers.add(name, one)));
    if (rules.manner().decompress() && !headers.contains("Accept-Encoding")) {
      headers.set("Accept-Encoding", "gzip, deflate");
    }
    return headers;
  }

  private void go(Order order) {
    if (over) {
      return;
    }
    if (!rules.manner().allowPrivate() && PrivateNetworks.contain(order.to().host())) {
      fail(Refusals.privateTarget(order.to()));
      return;
    }
    Connectivity network = rules.pool().connectivity();
    Optional<Duration> lost = network.refusal();
    if (lost.isPresent()) {
      fail(Refusals.noNetwork(rules.pool(), lost.get()));
      return;
    }
    Visit visit = rules.pool().evidence().visit(order.to().name(), policy.maxHintWait());
    Optional<Duration> wait = visit.refusal();
    if (wait.isPresent()) {
      fail(Refusals.targetFailing(order.to(), wait.get()));
      return;
    }
    Exchange.Means means =
        new Exchange.Means(loop, visit, network, rules.time(), rules.manner().timeouts().connect());
    CompletableFuture<Received> call =
        belay().callAsync(call(order), new Exchange(means, order), loop);
    current = call;
    var unused =
        call.whenComplete((received, failure) -> {
          visit.over();
          settle(order, received, failure);
        });
  }

  /** Made for this request alone, to have its report: what lasts is in what they share. */
  private Belay<Upstream> belay() {
    CallObserver own =
        new CallObserver() {
          @Override
          public void finished(Call call, CallReport finished) {
            report = finished;
          }
        };
    return Belay.over(rules.pool().pool())
        .policy(policy)
        .classifier(new Verdicts())
        .budget(rules.budget())
        .observer(CallObserver.all(own, rules.observer()))
        .time(rules.time())
        .build();
  }

  private Call call(Order order) {
    return Call.DEFAULT
        .withTarget(order.to().name())
        .withPolicy(policy)
        .withSession(request.session())
        .withRegion(request.region())
        .withCountry(request.country())
        .withIdempotent(order.idempotent())
        .withDeadline(deadline);
  }

  private void settle(Order order, @Nullable Received received, @Nullable Throwable failure) {
    CallReport told = report;
    if (received == null || told == null) {
      fail(failure(order, failure));
      return;
    }
    Optional<Order> next =
        hops < rules.manner().redirects()
            ? Redirects.next(order, received.head())
            : Optional.empty();
    if (over) {
      received.inlet().abandon();
    } else if (next.isPresent()) {
      hops++;
      received.discard();
      go(next.get());
    } else {
      arrive(received, order, told);
    }
  }

  private void arrive(Received received, Order order, CallReport told) {
    if (!order.isStreamed()) {
      end();
      arrived.complete(new Arrived(received, order, told, null));
      return;
    }
    Runnable onBroken =
        () -> rules.pool().evidence().brokeOff(order.to().name(), received.upstream());
    BodyStream body = new BodyStream(received.inlet(), loop, onBroken, this::end);
    stream = body;
    limit = rules.time().after(deadline.left().toNanos(), loop, body::expire);
    arrived.complete(new Arrived(received, order, told, body));
    body.start();
  }

  private Throwable failure(Order order, @Nullable Throwable failure) {
    return switch (failure) {
      case CompletionException wrapped when wrapped.getCause() != null ->
          failure(order, wrapped.getCause());
      case CallRefused refused -> Refusals.unavailable(rules.pool(), refused.retryAfter());
      case CallFailed failed -> Refusals.failed(order, failed, rules.pool());
      case null -> new IllegalStateException("a call ended without an outcome");
      default -> failure;
    };
  }

  private void fail(Throwable failure) {
    end();
    arrived.completeExceptionally(failure);
  }

  private void end() {
    if (!over) {
      over = true;
      Time.Timer running = limit;
      if (running != null) {
        running.cancel();
      }
      payload.close();
      onOver.accept(this);
    }
  }

  /** Ends it at once, also while its body is read; from any thread. */
  void cancel() {
    loop.execute(() -> {
      CompletableFuture<Received> running = current;
      BodyStream reading = stream;
      if (reading != null) {
        reading.close();
      }
      if (!over) {
        arrived.cancel(false);
        if (running != null) {
          running.cancel(true);
        }
        if (reading == null) {
          end();
        }
      }
    });
  }

  /** Whether the policy would have had it tried again. */
  static boolean isExhausted(Received received) {
    return received.verdict().kind() != Verdict.Kind.SUCCESS;
  }
}
