package dev.belay.llm.transport;

import dev.belay.Deadline;
import dev.belay.Time;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.provider.Headers;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request and its answer, within their limits. All but the constructor: on its event loop. */
final class Exchange {
  /** How long the rest of a body may take that nobody needs, so that the connection can be kept. */
  private static final Duration REST = Duration.ofSeconds(1);

  private final Executor loop;
  private final Time time;
  private final Terms terms;
  private final Receiver receiver;
  private final Watch watch;
  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;
  private boolean over;
  private boolean waiting;
  private boolean ended;
  private long size;

  Exchange(Context context, Time time, Terms terms, Receiver receiver) {
    this.loop = task -> context.runOnContext(none -> task.run());
    this.time = time;
    this.terms = terms;
    this.receiver = receiver;
    this.watch = new Watch(time, loop, error -> fail(new ProviderException(error)));
  }

  Executor loop() {
    return loop;
  }

  /**
   * Sends it.
   *
   * @param streamed whether the first token is to be watched for: an answer in one piece has none
   */
  void start(
      HttpClient client, RequestOptions options, Headers headers, Buffer body, boolean streamed) {
    if (over) {
      return;
    }
    Limits limits = terms.limits();
    Duration left = terms.deadline() == Deadline.NEVER ? limits.total() : terms.deadline().left();
    if (left.isZero()) {
      fail(new ProviderException(Watch.Part.DEADLINE.late(left)));
      return;
    }
    boolean sooner = left.compareTo(limits.total()) < 0;
    watch.whole(sooner ? Watch.Part.DEADLINE : Watch.Part.TOTAL, sooner ? left : limits.total());
    watch.part(Watch.Part.CONNECT, limits.connect());
    // whoever waits for a free connection leaves the queue a little later than we give up
    options.setConnectTimeout(limits.connect().toMillis() + 100);
    try {
      client
          .request(options)
          .onComplete(to -> connected(to, headers, body, streamed), this::broken);
    } catch (IllegalStateException closed) {
      fail(
          new ProviderException(
              ProviderError.of(ErrorKind.CANCELLED, "the transport has been closed")));
    }
  }

  private void connected(HttpClientRequest to, Headers headers, Buffer body, boolean streamed) {
    if (over) {
      var unused = to.reset();
      return;
    }
    request = to;
    watch.none();
    if (streamed) {
      watch.part(Watch.Part.FIRST, terms.limits().first());
    }
    try {
      headers.forEach((name, value) -> to.headers().add(name, value));
    } catch (IllegalArgumentException unfit) {
      // the message names the character, never the value
      fail(
          new ProviderException(
              ProviderError.of(
                  ErrorKind.AUTH, "a header, or the key, holds what no header may hold")));
      return;
    }
    to.response().onComplete(this::head, this::broken);
    var unused = to.end(body);
  }

  private void head(HttpClientResponse from) {
    if (over) {
      return;
    }
    response = from;
    from.pause();
    from.handler(this::chunk);
    from.endHandler(none -> ended());
    from.exceptionHandler(this::broken);
    try {
      receiver.head(from.statusCode(), headers(from));
    } catch (RuntimeException | Error broken) {
      fail(broken);
      return;
    }
    begun();
    if (receiver.isReading()) {
      from.fetch(1);
    } else {
      watch.hold(true);
    }
  }

  /** The receiver wants the body now. */
  void flow() {
    if (!over && response != null) {
      watch.hold(false);
      response.fetch(1);
    }
  }

  private static Headers headers(HttpClientResponse from) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    from.headers().names().forEach(name -> all.put(name, from.headers().getAll(name)));
    return new Headers(all);
  }

  private void begun() {
    if (!over && receiver.hasBegun()) {
      watch.part(Watch.Part.IDLE, terms.limits().idle());
    }
  }

  private void chunk(Buffer buffer) {
    if (over) {
      return;
    }
    size += buffer.length();
    if (size > terms.limits().body()) {
      fail(
          new ProviderException(
              ProviderError.of(
                  ErrorKind.GARBAGE,
                  "the answer is longer than %d bytes; raise the limit if that is right"
                      .formatted(terms.limits().body()))));
      return;
    }
    watch.touch();
    boolean before = receiver.hasBegun();
    CompletionStage<Void> ready = taken(() -> receiver.chunk(buffer.getBytes()));
    if (!before) {
      begun();
    }
    after(
        ready,
        () -> {
          if (receiver.isDone()) {
            finish();
          } else if (ended) {
            end();
          } else if (response != null) {
            response.fetch(1);
          }
        });
  }

  private void ended() {
    ended = true;
    if (!over && !waiting) {
      end();
    }
  }

  private void end() {
    after(
        taken(receiver::end),
        () -> {
          if (receiver.isDone()) {
            finish();
          }
        });
  }

  /** Nothing that a provider sends may leave an attempt hanging, whatever it does to its reader. */
  private static CompletionStage<Void> taken(Supplier<CompletionStage<Void>> step) {
    try {
      return step.get();
    } catch (RuntimeException | Error broken) {
      return CompletableFuture.failedFuture(broken);
    }
  }

  /** Goes on when our side is ready; most often it is so at once. */
  private void after(CompletionStage<Void> ready, Runnable next) {
    if (Ready.is(ready)) {
      if (!over) {
        next.run();
      }
      return;
    }
    waiting = true;
    watch.hold(true);
    var unused =
        ready.whenCompleteAsync(
            (none, failure) -> {
              waiting = false;
              watch.hold(false);
              if (failure != null) {
                fail(Failures.cause(failure));
              } else if (!over) {
                next.run();
              }
            },
            loop);
  }

  /** The answer is there. */
  private void finish() {
    over = true;
    watch.stop();
    HttpClientResponse from = response;
    if (!ended && from != null) {
      Time.Timer rest = time.after(REST.toNanos(), loop, this::reset);
      from.handler(none -> {});
      from.endHandler(none -> rest.cancel());
      from.exceptionHandler(none -> rest.cancel());
      from.resume();
    }
  }

  private void broken(Throwable cause) {
    if (!over) {
      fail(new ProviderException(Failures.onTheWay(cause, receiver.hasContent())));
    }
  }

  /** Ends it with this failure; does nothing if it is over. */
  void fail(Throwable why) {
    if (!over) {
      abort();
      receiver.failed(why);
    }
  }

  /** Ends it without a word to the receiver. */
  void abort() {
    if (!over) {
      over = true;
      watch.stop();
      reset();
    }
  }

  private void reset() {
    if (request != null) {
      var unused = request.reset();
    }
  }
}
