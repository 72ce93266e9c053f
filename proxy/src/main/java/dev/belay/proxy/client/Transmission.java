package dev.belay.proxy.client;

import dev.belay.Attempt;
import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Hint;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.http.DialException;
import dev.belay.http.Lease;
import dev.belay.http.RetryAfter;
import dev.belay.proxy.Upstream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One attempt of an {@link Exchange}. For its event loop. */
final class Transmission {
  /** HTTP/2 says by this that nothing was done about a request (RFC 9113, 7). */
  private static final long REFUSED_STREAM = 7;

  private final Exchange.Means means;
  private final Order order;
  private final Attempt<Upstream> attempt;
  private final Upstream upstream;
  private final CompletableFuture<Received> result = new CompletableFuture<>();
  private @Nullable Lease lease;
  private @Nullable HttpClientRequest request;
  private boolean hasHead;
  private boolean again;

  Transmission(Exchange.Means means, Order order, Attempt<Upstream> attempt) {
    this.means = means;
    this.order = order;
    this.attempt = attempt;
    this.upstream = attempt.endpoint();
  }

  CompletableFuture<Received> result() {
    return result;
  }

  void begin() {
    // the attempt's own limit says only that it is over; whose fault that was is found out here
    long left = attempt.deadline().left().toNanos();
    Time.Timer limit = means.time().after(left, means.loop(), this::expire);
    var unused =
        result.whenComplete((received, failure) -> {
          limit.cancel();
          if (received == null) {
            giveUp();
          }
        });
    connect();
  }

  private void giveUp() {
    HttpClientRequest sent = request;
    Lease asked = lease;
    if (sent != null) {
      var unused = sent.reset();
    } else if (asked != null) {
      asked.cancel();
    }
  }

  private void connect() {
    Duration left = attempt.deadline().left();
    Duration limit = left.compareTo(means.connect()) < 0 ? left : means.connect();
    if (!limit.isPositive()) {
      fail(Verdict.retry(ErrorClass.TIMEOUT, Blame.CALLER), "no time was left for " + upstream);
      return;
    }
    Lease asked = means.loop().lease(upstream.address(), order.to(), limit);
    lease = asked;
    asked.request().onComplete(ready -> send(ready, asked), this::notConnected);
  }

  private void notConnected(Throwable cause) {
    if (cause instanceof DialException dial) {
      Verdict verdict = means.network().judge(upstream, dial.reach(), dial.verdict());
      fail(verdict, String.valueOf(dial.getMessage()), dial.getCause());
    } else {
      fail(Verdict.retry(ErrorClass.CONNECT, Blame.ENDPOINT), upstream + " cannot be reached");
    }
  }

  private void send(HttpClientRequest ready, Lease on) {
    means.network().reached();
    if (result.isDone()) {
      var unused = ready.reset();
      return;
    }
    request = ready;
    address(ready);
    ready.response().onComplete(response -> answered(response, on), cause -> broken(on, cause));
    if (order.payload().length() == 0) {
      var unused = ready.end();
    } else {
      sendBody(ready, on);
    }
  }

  private void address(HttpClientRequest ready) {
    ready.setMethod(order.httpMethod());
    boolean http2 = ready.version() == HttpVersion.HTTP_2;
    order
        .headers()
        .forEach((name, value) ->
            ready.headers().add(http2 ? name.toLowerCase(Locale.ROOT) : name, value));
    if (!http2) {
      ready.putHeader("Host", order.to().authority());
    }
    if (isAskedOfProxy()) {
      ready.setURI("http://" + order.to().authority() + order.to().path());
      upstream
          .address()
          .authorization()
          .ifPresent(login -> ready.putHeader("Proxy-Authorization", login));
    } else {
      ready.setURI(order.to().path());
    }
    long length = order.payload().length();
    if (length < 0) {
      ready.setChunked(true);
    } else if (length > 0 || order.wantsLength()) {
      ready.putHeader("Content-Length", Long.toString(length));
    }
  }

  /** Whether the proxy reads the request, rather than passing it on unseen. */
  private boolean isAskedOfProxy() {
    return !order.to().secure() && upstream.address().scheme().isHttp();
  }

  private void sendBody(HttpClientRequest ready, Lease on) {
    order
        .payload()
        .writeTo(ready)
        .onComplete(
            none -> {
              var unused = ready.end();
            },
            cause -> {
              // after an answer this only ends the connection, which cannot be used again
              var unused = ready.reset();
              broken(on, cause);
            });
  }

  private void answered(HttpClientResponse response, Lease on) {
    response.pause();
    Inlet inlet = new Inlet(response, on, order.method(), means.loop());
    int status = response.statusCode();
    if (result.isDone()) {
      inlet.abandon();
      return;
    }
    hasHead = true;
    if (status < 200) {
      fail(Verdict.retry(ErrorClass.PROTOCOL, Blame.UNKNOWN), upstream + " sent a stray " + status);
      return;
    }
    if (status == 407 && isAskedOfProxy()) {
      // between us and our proxy: the caller cannot log in there
      fail(Verdict.retry(ErrorClass.AUTH, Blame.ENDPOINT), upstream + " wants another login");
      return;
    }
    Verdict verdict = verdict(response);
    if (verdict.kind() == Verdict.Kind.SUCCESS) {
      means.visit().worked(upstream);
    }
    if (order.isStreamed()) {
      complete(new Received(response, upstream, verdict, inlet, Buffer.buffer()));
    } else {
      inlet.into(new Whole(response, verdict, inlet));
    }
  }

  private void complete(Received received) {
    if (!result.complete(received)) {
      received.inlet().abandon();
    }
  }

  /** Collects a body; only when all of it is here has the attempt done its work. */
  private final class Whole implements Inlet.Sink {
    private final HttpClientResponse response;
    private final Verdict verdict;
    private final Inlet inlet;
    private final Buffer body = Buffer.buffer();

    Whole(HttpClientResponse response, Verdict verdict, Inlet inlet) {
      this.response = response;
      this.verdict = verdict;
      this.inlet = inlet;
    }

    @Override
    public void bytes(Buffer bytes) {
      if (bytes.length() > order.wholeBytes() - body.length()) {
        String what =
            "the body is larger than %d bytes: allow more, or read it as a stream"
                .formatted(order.wholeBytes());
        inlet.abandon();
        fail(Verdict.permanent(ErrorClass.INVALID, Blame.CALLER), what);
      } else {
        body.appendBuffer(bytes);
      }
    }

    @Override
    public void whole() {
      complete(new Received(response, upstream, verdict, inlet, body));
    }

    @Override
    public void broken(String why) {
      fail(
          Verdict.retry(ErrorClass.RESET, Blame.UNKNOWN), "through %s %s".formatted(upstream, why));
    }
  }

  private Verdict verdict(HttpClientResponse response) {
    int status = response.statusCode();
    if (!order.policy().retryStatusCodes().contains(status)) {
      return Verdict.SUCCESS;
    }
    Hint hint = RetryAfter.hint(response.headers(), means.time().instant());
    return judge(
        status == 429
            ? Verdict.throttled(Blame.TARGET, hint)
            : Verdict.retry(ErrorClass.STATUS, Blame.UNKNOWN).withHint(hint));
  }

  /** A kept connection may have died while nobody looked: that is no failure of the proxy. */
  private void broken(Lease on, Throwable cause) {
    if (result.isDone()) {
      return;
    }
    boolean harmless = order.payload().length() == 0 && order.idempotent();
    if (on.isReused() && harmless && !again) {
      again = true;
      request = null;
      means.loop().dropIdle(upstream.address(), order.to());
      connect();
      return;
    }
    Blame blame = order.payload().hasBrokenOff() ? Blame.CALLER : Blame.UNKNOWN;
    String what =
        order.payload().hasBrokenOff()
            ? "the body of the request broke off"
            : upstream + " broke the connection";
    boolean undone =
        cause instanceof StreamResetException reset && reset.getCode() == REFUSED_STREAM;
    fail(Verdict.retry(undone ? ErrorClass.CONNECT : ErrorClass.RESET, blame), what, cause);
  }

  private void expire() {
    if (request == null && lease != null && lease.hasWaited()) {
      fail(Verdict.retry(ErrorClass.REJECTED, Blame.CALLER), "no connection was free in time");
    } else if (request == null) {
      fail(
          Verdict.retry(ErrorClass.CONNECT, Blame.ENDPOINT), upstream + " was not reached in time");
    } else {
      Blame blame = order.payload().hasArrived() ? Blame.UNKNOWN : Blame.CALLER;
      String what = hasHead ? " did not bring the body in time" : " did not answer in time";
      fail(Verdict.retry(ErrorClass.TIMEOUT, blame), upstream + what);
    }
  }

  private void fail(Verdict verdict, String message) {
    fail(verdict, message, null);
  }

  private void fail(Verdict verdict, String message, @Nullable Throwable cause) {
    if (!result.isDone()) {
      result.completeExceptionally(new AttemptFailed(judge(verdict), message, cause));
    }
  }

  /** Lays the blame; what cannot be sent again is not worth another attempt. */
  private Verdict judge(Verdict verdict) {
    Verdict judged = means.visit().judge(upstream, verdict);
    return order.payload().isSpent()
        ? new Verdict(Verdict.Kind.PERMANENT, judged.errorClass(), judged.blame(), judged.hint())
        : judged;
  }
}
