package dev.belay.server.api;

import dev.belay.server.live.EventFeed;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Server-sent events: what happens, as it happens. A reader takes events from the feed at its own
 * pace; one whose connection stays full from one heartbeat to the next is cut off. The number of
 * readers is bounded.
 */
final class EventStream {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int MOST_READERS = 64;
  private static final int BATCH = 200;
  private static final int QUEUE_BYTES = 64 * 1024;

  private final Vertx vertx;
  private final EventFeed feed;
  private final Duration heartbeat;
  private final int mostReaders;
  private final AtomicInteger readers = new AtomicInteger();

  EventStream(Vertx vertx, EventFeed feed) {
    this(vertx, feed, HEARTBEAT, MOST_READERS);
  }

  EventStream(Vertx vertx, EventFeed feed, Duration heartbeat, int mostReaders) {
    this.vertx = vertx;
    this.feed = feed;
    this.heartbeat = heartbeat;
    this.mostReaders = mostReaders;
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.GET, "/api/v1/events/stream", this::open);
  }

  private void open(RoutingContext ctx) {
    Query query = new Query(Ask.of(ctx, Buffer.buffer()));
    Optional<String> parameter = query.text("last_event_id", 64);
    query.close();
    Optional<String> last =
        Optional.ofNullable(ctx.request().getHeader("Last-Event-ID")).or(() -> parameter);
    HttpServerResponse response = ctx.response();
    boolean head = ctx.request().method().equals(HttpMethod.HEAD);
    if (!head && readers.incrementAndGet() > mostReaders) {
      readers.decrementAndGet();
      Answers.send(ctx, ApiProblem.busy("Too many readers follow the events already."));
      return;
    }
    response
        .setStatusCode(200)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
    if (head) {
      response.end();
    } else {
      response.setChunked(true).setWriteQueueMaxSize(QUEUE_BYTES);
      long from = last.isPresent() ? feed.number(last.get()) : feed.latest();
      new Reader(response, from).start();
    }
  }

  /** One connection; all but {@link #wake} for its event loop. */
  private final class Reader {
    private final Context context = vertx.getOrCreateContext();
    private final HttpServerResponse response;
    private final Runnable wake = this::wake;
    private final AtomicBoolean woken = new AtomicBoolean();
    private long seen;
    private long timer;
    private boolean full;
    private boolean over;

    Reader(HttpServerResponse response, long seen) {
      this.response = response;
      this.seen = seen;
    }

    void start() {
      timer = vertx.setPeriodic(heartbeat.toMillis(), none -> beat());
      response.closeHandler(none -> stop());
      response.exceptionHandler(none -> stop());
      response.drainHandler(none -> send());
      write(": events of this server\nretry: 2000\n\n");
      feed.addReader(wake);
      send();
    }

    /** Called by whoever publishes: leaves the work to the loop, once for many events. */
    private void wake() {
      if (woken.compareAndSet(false, true)) {
        context.runOnContext(none -> {
          woken.set(false);
          send();
        });
      }
    }

    private void send() {
      while (!over && !response.writeQueueFull()) {
        EventFeed.Batch batch = feed.after(seen, BATCH);
        if (batch.missed() > 0) {
          seen += batch.missed();
          JsonObject missed = new JsonObject().put("missed", batch.missed());
          write("event: gap\ndata: %s\n\n".formatted(missed.encode()));
        }
        if (batch.events().isEmpty()) {
          return;
        }
        StringBuilder text = new StringBuilder();
        for (EventFeed.Event event : batch.events()) {
          append(text, event);
          seen = event.number();
        }
        write(text.toString());
      }
    }

    private void append(StringBuilder text, EventFeed.Event event) {
      JsonObject data = new JsonObject().put("timestamp", event.at().toString());
      data.mergeIn(event.data());
      text.append("id: ")
          .append(feed.id(event.number()))
          .append("\nevent: ")
          .append(event.type())
          .append("\ndata: ")
          .append(data.encode())
          .append("\n\n");
    }

    private void write(String text) {
      var unused = response.write(text);
    }

    private void beat() {
      if (!response.writeQueueFull()) {
        full = false;
        write(": heartbeat\n\n");
      } else if (full) {
        stop();
        response.reset();
      } else {
        full = true;
      }
    }

    private void stop() {
      if (!over) {
        over = true;
        vertx.cancelTimer(timer);
        feed.removeReader(wake);
        readers.decrementAndGet();
      }
    }
  }
}
