package dev.belay.server.api;

import dev.belay.server.live.EventFeed;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Server-sent events: what happens, as it happens. A reader takes events from the feed at its own
 * pace, as {@link LiveReaders} let it.
 */
final class EventStream {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int MOST_READERS = 64;
  private static final int BATCH = 200;

  private final EventFeed feed;
  private final LiveReaders readers;
  private final LiveReaders.Beat beat;

  EventStream(Vertx vertx, EventFeed feed) {
    this(vertx, feed, HEARTBEAT, MOST_READERS);
  }

  EventStream(Vertx vertx, EventFeed feed, Duration heartbeat, int mostReaders) {
    this.feed = feed;
    this.readers = new LiveReaders(vertx, mostReaders, "the events");
    this.beat = new LiveReaders.Beat(heartbeat, LiveReaders.HEARTBEAT);
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
    long from = last.map(feed::number).orElseGet(feed::latest);
    readers.follow(ctx, beat, reader -> new Told(reader, from));
  }

  /** What one reader has seen; all but {@link #wake} for the event loop of its connection. */
  private final class Told implements LiveReaders.Story {
    private final LiveReaders.Reader reader;
    private final Runnable wake = this::wake;
    private final AtomicBoolean woken = new AtomicBoolean();
    private long seen;

    Told(LiveReaders.Reader reader, long seen) {
      this.reader = reader;
      this.seen = seen;
    }

    @Override
    public void begin() {
      reader.write(": events of this server\nretry: 2000\n\n");
      feed.addReader(wake);
      goOn();
    }

    /** Called by whoever publishes: leaves the work to the loop, once for many events. */
    private void wake() {
      if (woken.compareAndSet(false, true)) {
        reader.later(() -> {
          woken.set(false);
          goOn();
        });
      }
    }

    @Override
    public void goOn() {
      while (reader.takes()) {
        EventFeed.Batch batch = feed.after(seen, BATCH);
        if (batch.missed() > 0) {
          seen += batch.missed();
          JsonObject missed = new JsonObject().put("missed", batch.missed());
          reader.write("event: gap\ndata: %s\n\n".formatted(missed.encode()));
        }
        if (batch.events().isEmpty()) {
          return;
        }
        StringBuilder text = new StringBuilder();
        for (EventFeed.Event event : batch.events()) {
          append(text, event);
          seen = event.number();
        }
        reader.write(text.toString());
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

    @Override
    public void close() {
      feed.removeReader(wake);
    }
  }
}
