package dev.belay.chaos.inject.local;

import dev.belay.chaos.inject.Actions;
import dev.belay.chaos.inject.Doings;
import dev.belay.chaos.inject.Struck;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Strikes what is called. Safe for any number of threads. */
final class FaultClient extends HttpClient {
  private final LocalFaults faults;
  private final HttpClient inner;
  private final String caller;
  private final Function<URI, String> services;

  FaultClient(LocalFaults faults, HttpClient inner, String caller, Function<URI, String> services) {
    this.faults = faults;
    this.inner = inner;
    this.caller = caller;
    this.services = services;
  }

  private Optional<Struck> struck(HttpRequest request) {
    return faults.struck(new SentRequest(request, caller, services.apply(request.uri())));
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    Optional<Struck> struck = struck(request);
    if (struck.isEmpty()) {
      return inner.send(request, handler);
    }
    Doings doings = struck.get().doings();
    Delayed delayed = Delayed.of(request, doings);
    faults.time().sleep(delayed.waitNanos());
    if (delayed.isLate()) {
      throw Delayed.late();
    }
    if (doings.reset()) {
      throw reset();
    }
    StruckAnswer<T> answer = new StruckAnswer<>(struck.get(), handler, faults.time());
    Optional<Actions.Abort> abort = doings.abort();
    if (abort.isPresent()) {
      return answer.instead(request, abort.get());
    }
    return answer.after(inner.send(delayed.then(), answer));
  }

  private static SocketException reset() {
    return new SocketException("Connection reset");
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return later(request, handler, inner::sendAsync);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) {
    return later(request, handler, (sent, altered) -> inner.sendAsync(sent, altered, pushes));
  }

  private <T> CompletableFuture<HttpResponse<T>> later(
      HttpRequest request,
      BodyHandler<T> handler,
      BiFunction<HttpRequest, BodyHandler<T>, CompletableFuture<HttpResponse<T>>> send) {
    Optional<Struck> struck = struck(request);
    if (struck.isEmpty()) {
      return send.apply(request, handler);
    }
    CompletableFuture<HttpResponse<T>> result = new CompletableFuture<>();
    StruckAnswer<T> answer = new StruckAnswer<>(struck.get(), handler, faults.time());
    Delayed delayed = Delayed.of(request, struck.get().doings());
    var unused =
        faults
            .time()
            .after(
                delayed.waitNanos(),
                Thread::startVirtualThread,
                () -> go(delayed, answer, send, result));
    return result;
  }

  private static <T> void go(
      Delayed delayed,
      StruckAnswer<T> answer,
      BiFunction<HttpRequest, BodyHandler<T>, CompletableFuture<HttpResponse<T>>> send,
      CompletableFuture<HttpResponse<T>> result) {
    if (result.isDone()) {
      return; // nobody waits any more
    }
    Doings doings = answer.struck().doings();
    if (delayed.isLate()) {
      result.completeExceptionally(Delayed.late());
    } else if (doings.reset()) {
      result.completeExceptionally(reset());
    } else if (doings.abort().isPresent()) {
      try {
        result.complete(answer.instead(delayed.then(), doings.abort().get()));
      } catch (IOException | RuntimeException failed) {
        result.completeExceptionally(failed);
      }
    } else {
      CompletableFuture<HttpResponse<T>> sent = send.apply(delayed.then(), answer);
      var unused =
          sent.whenComplete((response, failure) -> {
            if (failure == null) {
              result.complete(answer.after(response));
            } else {
              result.completeExceptionally(failure);
            }
          });
      var unusedEither =
          result.whenComplete((response, failure) -> {
            if (result.isCancelled()) {
              sent.cancel(true);
            }
          });
    }
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return inner.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return inner.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return inner.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return inner.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return inner.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return inner.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return inner.authenticator();
  }

  @Override
  public Version version() {
    return inner.version();
  }

  @Override
  public Optional<Executor> executor() {
    return inner.executor();
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    return inner.newWebSocketBuilder();
  }

  @Override
  public void shutdown() {
    inner.shutdown();
  }

  @Override
  public boolean awaitTermination(Duration duration) throws InterruptedException {
    return inner.awaitTermination(duration);
  }

  @Override
  public boolean isTerminated() {
    return inner.isTerminated();
  }

  @Override
  public void shutdownNow() {
    inner.shutdownNow();
  }

  @Override
  public void close() {
    inner.close();
  }
}
