package dev.belay.server.api;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Connections on which server-sent events are told. A reader that takes nothing from one sign of
 * life to the next is cut off; the number of readers is bounded. Safe for any number of threads.
 */
final class LiveReaders {
  /** A sign of life, for whoever has none of its own. */
  static final String HEARTBEAT = ": heartbeat\n\n";

  private static final int QUEUE_BYTES = 64 * 1024;

  private final Vertx vertx;
  private final int most;
  private final String subject;
  private final AtomicInteger readers = new AtomicInteger();

  /**
   * Nobody yet.
   *
   * @param vertx what runs them
   * @param most how many there may be at a time
   * @param subject what they follow, in the plural
   */
  LiveReaders(Vertx vertx, int most, String subject) {
    this.vertx = vertx;
    this.most = most;
    this.subject = subject;
  }

  /** What one reader is told; all of it is called on the event loop of its connection. */
  interface Story {
    /** Begins, right after the head of the response was written. */
    void begin();

    /** The connection takes more than it did a moment ago. */
    void goOn();

    /** The reader is gone, or was ended; called once. */
    void close();

    /** A sign of life was given. */
    default void beaten() {}
  }

  /** What is said as a sign of life, and how often. */
  record Beat(Duration every, String text) {}

  /**
   * Takes a place for a reader, which has to be given back by {@link #leave} or {@link #open}.
   *
   * @return whether there was one; if not, the reader was told so
   */
  boolean enter(RoutingContext ctx) {
    if (readers.incrementAndGet() <= most) {
      return true;
    }
    readers.decrementAndGet();
    Answers.send(ctx, ApiProblem.busy("Too many readers follow %s already.".formatted(subject)));
    return false;
  }

  /** Gives back a place. */
  void leave() {
    readers.decrementAndGet();
  }

  /**
   * Tells a reader; one that asks for the head of the response alone is told nothing.
   *
   * @param ctx what asks, on its event loop
   * @param beat what it hears when there is nothing to tell
   * @param story makes what it is told; not called for the head alone
   */
  void follow(RoutingContext ctx, Beat beat, Function<Reader, Story> story) {
    if (isHead(ctx)) {
      var unused = head(ctx.response()).end();
    } else if (enter(ctx)) {
      open(ctx, beat, story);
    }
  }

  /** The same for one that has its place already. */
  void open(RoutingContext ctx, Beat beat, Function<Reader, Story> story) {
    HttpServerResponse response = ctx.response();
    Reader reader = new Reader(response, beat);
    Story told = story.apply(reader);
    reader.story = Optional.of(told);
    if (response.ended() || response.closed()) {
      reader.stop();
      return;
    }
    head(response).setChunked(true).setWriteQueueMaxSize(QUEUE_BYTES);
    reader.start();
    told.begin();
  }

  static boolean isHead(RoutingContext ctx) {
    return ctx.request().method().equals(HttpMethod.HEAD);
  }

  /** What every reader is told first. */
  static HttpServerResponse head(HttpServerResponse response) {
    return response
        .setStatusCode(200)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
  }

  /** One connection; all but {@link #later} for its event loop. */
  final class Reader {
    private final Context context = vertx.getOrCreateContext();
    private final HttpServerResponse response;
    private final Beat beat;
    private Optional<Story> story = Optional.empty();
    private long timer = -1; // no timer has it
    private boolean full;
    private boolean over;

    private Reader(HttpServerResponse response, Beat beat) {
      this.response = response;
      this.beat = beat;
    }

    private void start() {
      timer = vertx.setPeriodic(beat.every().toMillis(), none -> beat());
      response.closeHandler(none -> stop());
      response.exceptionHandler(none -> stop());
      response.drainHandler(none -> story.ifPresent(Story::goOn));
    }

    /** Does something on the event loop of this connection; from any thread. */
    void later(Runnable work) {
      context.runOnContext(none -> work.run());
    }

    /** Whether the connection takes more at once. */
    boolean takes() {
      return !over && !response.writeQueueFull();
    }

    boolean isOver() {
      return over;
    }

    void write(String text) {
      var unused = response.write(text);
    }

    /** There is nothing more to tell. */
    void end() {
      if (!over) {
        stop();
        var unused = response.end();
      }
    }

    /** Cuts it off. */
    void drop() {
      if (!over) {
        stop();
        var unused = response.reset();
      }
    }

    private void beat() {
      if (!response.writeQueueFull()) {
        full = false;
        write(beat.text());
        story.ifPresent(Story::beaten);
      } else if (full) {
        drop();
      } else {
        full = true;
      }
    }

    private void stop() {
      if (!over) {
        over = true;
        vertx.cancelTimer(timer);
        leave();
        story.ifPresent(Story::close);
      }
    }
  }
}
