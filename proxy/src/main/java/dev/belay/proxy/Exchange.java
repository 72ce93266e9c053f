package dev.belay.proxy;

import dev.belay.AsyncOperation;
import dev.belay.Attempt;
import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.RetryPolicy;
import dev.belay.Verdict;
import dev.belay.http.ProxyAddress;
import dev.belay.http.ReplayBody;
import dev.belay.http.RetryAfter;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request in absolute form, sent through whichever proxy an attempt names. */
final class Exchange implements AsyncOperation<Upstream, Answer> {
  private final Engine engine;
  private final UpstreamClient client;
  private final Target target;
  private final RetryPolicy policy;
  private final HttpMethod method;
  private final String path;
  private final MultiMap headers;
  private final @Nullable ReplayBody body;

  /**
   * A request.
   *
   * @param path with query, as the target is to see it
   * @param headers clean, and with the target's Host
   * @param body null if there is none
   */
  Exchange(
      Engine engine,
      UpstreamClient client,
      Target target,
      RetryPolicy policy,
      HttpMethod method,
      String path,
      MultiMap headers,
      @Nullable ReplayBody body) {
    this.engine = engine;
    this.client = client;
    this.target = target;
    this.policy = policy;
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.body = body;
  }

  @Override
  public CompletableFuture<Answer> start(Attempt<Upstream> attempt) {
    Sending sending = new Sending(attempt);
    sending.begin();
    return sending.result;
  }

  @Override
  public void discard(Answer answer) {
    answer.discard();
  }

  /** One attempt under way; for its event loop. */
  private final class Sending {
    private final Attempt<Upstream> attempt;
    private final Upstream upstream;
    private final CompletableFuture<Answer> result = new CompletableFuture<>();
    private @Nullable HttpClientRequest request;
    private boolean reused;
    private boolean again;

    Sending(Attempt<Upstream> attempt) {
      this.attempt = attempt;
      this.upstream = attempt.endpoint();
    }

    void begin() {
      var unused =
          result.whenComplete((answer, failure) -> {
            if (result.isCancelled() && request != null) {
              request.reset();
            }
          });
      connect();
    }

    private void connect() {
      client
          .request(upstream.address(), target, method, path)
          .onComplete(this::send, this::notConnected);
    }

    private void notConnected(Throwable cause) {
      fail(ConnectFailures.judge(upstream.address(), cause), "cannot be reached");
    }

    private void send(HttpClientRequest ready) {
      if (result.isDone()) {
        ready.reset();
        return;
      }
      request = ready;
      reused = client.wasReused(ready.connection());
      ready.headers().setAll(headers);
      ProxyAddress address = upstream.address();
      if (address.scheme().isHttp()) {
        address.authorization().ifPresent(login -> ready.putHeader("Proxy-Authorization", login));
      }
      if (headers.contains("Upgrade")) {
        ready.connect().onComplete(this::answered, this::broken);
        return;
      }
      ready.response().onComplete(this::answered, this::broken);
      if (body == null) {
        ready.end();
      } else {
        sendBody(ready, body);
      }
    }

    private void sendBody(HttpClientRequest ready, ReplayBody bytes) {
      if (!headers.contains("Content-Length")) {
        ready.setChunked(true);
      }
      bytes
          .writeTo(ready)
          .onComplete(
              none -> {
                ready.end();
              },
              cause -> {
                ready.reset();
                boolean ours = !bytes.replayable();
                fail(
                    ours
                        ? Verdict.permanent(ErrorClass.RESET, Blame.CALLER)
                        : ambiguous(ErrorClass.RESET),
                    "did not take the body");
              });
    }

    private void answered(HttpClientResponse response) {
      response.pause();
      Verdict verdict = verdict(response);
      if (verdict.kind() == Verdict.Kind.SUCCESS) {
        engine.evidence().worked(target.name(), upstream);
      }
      if (!result.complete(new Answer(response, upstream, target, attempt.number(), verdict))) {
        response.request().reset();
      }
    }

    private Verdict verdict(HttpClientResponse response) {
      int status = response.statusCode();
      if (status == 407) {
        return Verdict.retry(ErrorClass.AUTH, Blame.ENDPOINT);
      }
      if (!policy.retryStatusCodes().contains(status)) {
        return Verdict.SUCCESS;
      }
      Verdict verdict =
          status == 429
              ? Verdict.throttled(Blame.TARGET, RetryAfter.hint(response.headers(), now()))
              : Verdict.retry(ErrorClass.STATUS, Blame.UNKNOWN)
                  .withHint(RetryAfter.hint(response.headers(), now()));
      return judge(verdict);
    }

    private java.time.Instant now() {
      return engine.time().instant();
    }

    /** A pooled connection may have died while nobody looked: that is no failure of the proxy. */
    private void broken(Throwable cause) {
      boolean harmless = body == null && !again && (isIdempotent() || policy.retryNonIdempotent());
      if (reused && harmless && !result.isDone()) {
        again = true;
        connect();
      } else {
        fail(ambiguous(ErrorClass.RESET), "broke the connection");
      }
    }

    private Verdict ambiguous(ErrorClass errorClass) {
      return judge(Verdict.retry(errorClass, Blame.UNKNOWN));
    }

    private Verdict judge(Verdict verdict) {
      return engine.evidence().judge(target.name(), upstream, verdict);
    }

    private void fail(Verdict verdict, String what) {
      Verdict judged = judge(verdict);
      result.completeExceptionally(new Judged(judged, 0, upstream.name() + " " + what));
    }
  }

  private boolean isIdempotent() {
    return RequestHandler.isIdempotent(method);
  }
}
