package dev.belay.chaos.inject.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Over HTTP/1.1. */
final class HttpWire implements Wire, AutoCloseable {
  private static final int MOST_BYTES = 16 << 20;

  private final URI base;
  private final Optional<String> token;
  private final Patience.Timeouts timeouts;
  private final HttpClient client;

  HttpWire(URI base, Optional<String> token, Patience.Timeouts timeouts) {
    this.base = URI.create(base.toString().replaceFirst("/+$", ""));
    this.token = token;
    this.timeouts = timeouts;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeouts.connect())
            .executor(Thread::startVirtualThread)
            .build();
  }

  @Override
  public Answer send(Ask ask) throws IOException, InterruptedException {
    Duration whole = timeouts.whole();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + ask.path()))
            .timeout(whole)
            .header("Accept", "application/json")
            .method(
                ask.method(),
                ask.body().map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
    ask.body().ifPresent(body -> request.header("Content-Type", "application/json"));
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    CompletableFuture<Answer> answer =
        client
            .sendAsync(request.build(), BodyHandlers.ofInputStream())
            .thenApplyAsync(HttpWire::read, Thread::startVirtualThread);
    try {
      return answer.get(whole.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw late("gave no answer within " + whole);
    } catch (ExecutionException failed) {
      throw failure(failed.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static Answer read(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return new Answer(
          response.statusCode(), new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static SocketTimeoutException late(String message) {
    return new SocketTimeoutException(message);
  }

  private IOException failure(@Nullable Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException slow ->
          late("took no connection within " + timeouts.connect());
      case HttpTimeoutException slow -> late("gave no answer in time");
      case ConnectException unknown when unknown.getCause() instanceof UnresolvedAddressException ->
          new UnknownHostException("name of the executor does not resolve");
      case IOException broken -> broken;
      case UncheckedIOException broken -> new IOException("the answer broke off", broken);
      case null, default -> new IOException(cause);
    };
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
