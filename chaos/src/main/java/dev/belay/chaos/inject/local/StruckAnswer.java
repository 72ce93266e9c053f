package dev.belay.chaos.inject.local;

import dev.belay.Time;
import dev.belay.chaos.inject.Actions;
import dev.belay.chaos.inject.Struck;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;

/**
 * What a client gets in place of the answer, or of what stands in it.
 *
 * @param handler what the caller does with bodies
 */
record StruckAnswer<T>(Struck struck, BodyHandler<T> handler, Time time) implements BodyHandler<T> {
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private record Head(int statusCode, HttpHeaders headers, HttpClient.Version version)
      implements ResponseInfo {}

  /** The answer of a service that went on as usual, for the caller's own handler. */
  @Override
  public BodySubscriber<T> apply(ResponseInfo info) {
    BodySubscriber<T> subscriber =
        handler.apply(new Head(status(info.statusCode()), marked(info.headers()), info.version()));
    return new AlteredSubscriber<>(subscriber, struck.doings().body(), time);
  }

  private int status(int answered) {
    return struck.doings().rewrite().orElse(answered);
  }

  private HttpHeaders marked(HttpHeaders headers) {
    Map<String, List<String>> all = new HashMap<>(headers.map());
    all.put(Struck.HEADER, List.of(struck.kinds()));
    return HttpHeaders.of(all, (name, value) -> true);
  }

  /** What the caller sees of such an answer. */
  HttpResponse<T> after(HttpResponse<T> response) {
    return new SeenResponse<>(response, status(response.statusCode()), marked(response.headers()));
  }

  /** An answer without the service. */
  HttpResponse<T> instead(HttpRequest request, Actions.Abort abort) throws IOException {
    HttpHeaders headers =
        marked(HttpHeaders.of(Map.of("content-type", List.of("text/plain")), (n, v) -> true));
    Head info = new Head(abort.status(), headers, HttpClient.Version.HTTP_1_1);
    BodySubscriber<T> subscriber = handler.apply(info);
    boolean without =
        abort.status() == NO_CONTENT
            || abort.status() == NOT_MODIFIED
            || request.method().equals("HEAD");
    byte[] body =
        without ? new byte[0] : abort.body().orElse(Struck.BODY).getBytes(StandardCharsets.UTF_8);
    subscriber.onSubscribe(new Given(subscriber, body));
    try {
      return new MadeResponse<>(request, info, subscriber.getBody().toCompletableFuture().join());
    } catch (CompletionException failed) {
      throw new IOException(failed.getCause());
    }
  }

  /** A body that is there already, given as soon as it is asked for. */
  private static final class Given implements Flow.Subscription {
    private final BodySubscriber<?> subscriber;
    private final byte[] body;
    private boolean over;

    Given(BodySubscriber<?> subscriber, byte[] body) {
      this.subscriber = subscriber;
      this.body = body;
    }

    @Override
    public void request(long n) {
      if (!over) {
        over = true;
        if (body.length > 0) {
          subscriber.onNext(List.of(ByteBuffer.wrap(body)));
        }
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      over = true;
    }
  }
}
