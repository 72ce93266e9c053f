package dev.belay.proxy;

import dev.belay.Attempt;
import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Hint;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.http.DialException;
import dev.belay.http.HttpLease;
import dev.belay.http.ReplayBody;
import dev.belay.http.RetryAfter;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One attempt of an {@link Exchange}, until the head of an answer is there. For its event loop. */
final class Sending {
  private final Engine engine;
  private final UpstreamClient client;
  private final Exchange.Order order;
  private final Attempt<Upstream> attempt;
  private final Upstream upstream;
  private final CompletableFuture<Answer> result = new CompletableFuture<>();
  private @Nullable HttpLease lease;
  private @Nullable HttpClientRequest request;
  private boolean again;

  Sending(Engine engine, UpstreamClient client, Exchange.Order order, Attempt<Upstream> attempt) {
    this.engine = engine;
    this.client = client;
    this.order = order;
    this.attempt = attempt;
    this.upstream = attempt.endpoint();
  }

  CompletableFuture<Answer> result() {
    return result;
  }

  void begin(Executor loop) {
    // the attempt's own limit says only that it is over; whose fault that was is found out here
    Time.Timer limit = engine.time().after(attempt.deadline().left().toNanos(), loop, this::expire);
    var unused =
        result.whenComplete((answer, failure) -> {
          limit.cancel();
          if (answer == null) {
            giveUp();
          }
        });
    connect();
  }

  private void giveUp() {
    HttpClientRequest sent = request;
    HttpLease asked = lease;
    if (sent != null) {
      var unused = sent.reset();
    } else if (asked != null) {
      asked.cancel();
    }
  }

  private void connect() {
    Duration limit = Engine.within(attempt.deadline(), engine.settings().timeouts().connect());
    if (!limit.isPositive()) {
      expire();
      return;
    }
    HttpLease asked = client.lease(upstream.address(), order.target(), limit);
    lease = asked;
    asked.request().onComplete(ready -> send(ready, asked.isReused()), this::notConnected);
  }

  private void notConnected(Throwable cause) {
    if (cause instanceof DialException dial) {
      Verdict verdict = engine.pool().connectivity().judge(upstream, dial.reach(), dial.verdict());
      fail(verdict, String.valueOf(dial.getMessage()));
    } else {
      fail(Verdict.retry(ErrorClass.CONNECT, Blame.ENDPOINT), upstream + " cannot be reached");
    }
  }

  private void send(HttpClientRequest ready, boolean reused) {
    engine.pool().connectivity().reached();
    if (result.isDone()) {
      var unused = ready.reset();
      return;
    }
    request = ready;
    ready.headers().setAll(order.headers());
    UpstreamClient.address(ready, upstream.address(), order.target(), order.method(), order.path());
    if (order.headers().contains("Upgrade")) {
      ready.connect().onComplete(this::answered, cause -> broken(reused));
      return;
    }
    ready.response().onComplete(this::answered, cause -> broken(reused));
    ReplayBody body = order.body();
    if (body == null) {
      var unused = ready.end();
    } else {
      send(ready, body);
    }
  }

  private void send(HttpClientRequest ready, ReplayBody body) {
    if (!order.headers().contains("Content-Length")) {
      ready.setChunked(true);
    }
    body.writeTo(ready)
        .onComplete(
            none -> {
              var unused = ready.end();
            },
            cause -> {
              // after an answer this only ends the connection, which cannot be used again
              var unused = ready.reset();
              broken(false);
            });
  }

  private void answered(HttpClientResponse response) {
    response.pause();
    response.exceptionHandler(broken -> {}); // until somebody takes it over
    int status = response.statusCode();
    if (status < 200 && status != 101) {
      fail(Verdict.retry(ErrorClass.PROTOCOL, Blame.UNKNOWN), upstream + " sent a stray " + status);
      return;
    }
    if (status == 407) {
      // between us and our proxy: the client cannot log in there and must not be asked to
      Verdict verdict = Verdict.retry(ErrorClass.AUTH, Blame.ENDPOINT);
      result.completeExceptionally(new Judged(verdict, status, upstream + " wants another login"));
      return;
    }
    Verdict verdict = verdict(response);
    if (verdict.kind() == Verdict.Kind.SUCCESS) {
      order.visit().worked(upstream);
    }
    Answer answer = new Answer(response, upstream, order.target(), attempt.number(), verdict);
    if (!result.complete(answer)) {
      var unused = response.request().reset();
    }
  }

  private Verdict verdict(HttpClientResponse response) {
    int status = response.statusCode();
    if (!order.policy().retryStatusCodes().contains(status)) {
      return Verdict.SUCCESS;
    }
    Hint hint = RetryAfter.hint(response.headers(), engine.time().instant());
    return judge(
        status == 429
            ? Verdict.throttled(Blame.TARGET, hint)
            : Verdict.retry(ErrorClass.STATUS, Blame.UNKNOWN).withHint(hint));
  }

  /** A pooled connection may have died while nobody looked: that is no failure of the proxy. */
  private void broken(boolean reused) {
    if (result.isDone()) {
      return;
    }
    boolean harmless = order.body() == null && engine.repeats(order.method());
    if (reused && harmless && !again) {
      again = true;
      request = null;
      client.dropIdle(upstream.address(), order.target());
      connect();
      return;
    }
    boolean clientLeft = order.body() != null && order.body().hasBrokenOff();
    Blame blame = clientLeft ? Blame.CALLER : Blame.UNKNOWN;
    fail(Verdict.retry(ErrorClass.RESET, blame), upstream + " broke the connection");
  }

  private void expire() {
    if (request == null && lease != null && lease.hasWaited()) {
      fail(Verdict.retry(ErrorClass.REJECTED, Blame.CALLER), "no connection was free in time");
      return;
    }
    if (request == null) {
      fail(
          Verdict.retry(ErrorClass.CONNECT, Blame.ENDPOINT), upstream + " was not reached in time");
      return;
    }
    boolean clientIsSlow = order.body() != null && !order.body().hasArrived();
    Blame blame = clientIsSlow ? Blame.CALLER : Blame.UNKNOWN;
    fail(Verdict.retry(ErrorClass.TIMEOUT, blame), upstream + " did not answer in time");
  }

  private void fail(Verdict verdict, String message) {
    if (!result.isDone()) {
      // turned down here, by a limit of our own: the client had better come back later
      int status = verdict.errorClass() == ErrorClass.REJECTED ? 503 : 0;
      result.completeExceptionally(new Judged(judge(verdict), status, message));
    }
  }

  /** Lays the blame; what cannot be sent again is not worth another attempt. */
  private Verdict judge(Verdict verdict) {
    Verdict judged = order.visit().judge(upstream, verdict);
    boolean spent = order.body() != null && order.body().isSpent();
    return spent
        ? new Verdict(Verdict.Kind.PERMANENT, judged.errorClass(), judged.blame(), judged.hint())
        : judged;
  }
}
