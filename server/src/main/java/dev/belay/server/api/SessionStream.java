package dev.belay.server.api;

import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.Sessions;
import dev.belay.chaos.wire.Json;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * One session as server-sent events: all that has happened, then what happens, to its end. Whoever
 * comes back with the id of the last event it saw goes on from there. A reader that takes nothing
 * from one sign of life to the next is cut off. The number of readers is bounded.
 */
final class SessionStream {
  private static final int MOST_READERS = 64;
  private static final int QUEUE_BYTES = 64 * 1024;
  private static final int PORTION = 100;
  private static final long HEARTBEAT_MILLIS = 15_000;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final Vertx vertx;
  private final Sessions sessions;
  private final AtomicInteger readers = new AtomicInteger();

  SessionStream(Vertx vertx, Sessions sessions) {
    this.vertx = vertx;
    this.sessions = sessions;
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.GET, SessionRoutes.ONE + "/events", this::open);
  }

  private void open(RoutingContext ctx) {
    Ask ask = Ask.of(ctx, Buffer.buffer());
    new Query(ask).close();
    String id = ask.param("session");
    if (sessions.view(id).isEmpty()) {
      Answers.send(
          ctx,
          ApiProblem.missing(
              "SESSION_NOT_FOUND",
              "There is no session %s; GET %s lists them."
                  .formatted(Shown.path(id), SessionRoutes.PATH)));
      return;
    }
    int from =
        ask.header("Last-Event-ID")
            .filter(text -> NUMBER.matcher(text).matches())
            .map(text -> Integer.parseInt(text) + 1)
            .orElse(0);
    HttpServerResponse response = ctx.response();
    boolean head = ctx.request().method().equals(HttpMethod.HEAD);
    if (!head && readers.incrementAndGet() > MOST_READERS) {
      readers.decrementAndGet();
      Answers.send(ctx, ApiProblem.busy("Too many readers follow sessions already."));
      return;
    }
    response
        .setStatusCode(200)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
    if (head) {
      response.end();
      return;
    }
    response.setChunked(true).setWriteQueueMaxSize(QUEUE_BYTES);
    new Reader(response, id, from).start();
  }

  /** One connection; all but {@link #told} for its event loop. */
  private final class Reader {
    private final Context context = vertx.getOrCreateContext();
    private final HttpServerResponse response;
    private final String id;
    private int next;
    private long timer;
    private Runnable watch = () -> {};
    private boolean full;
    private boolean over;

    Reader(HttpServerResponse response, String id, int from) {
      this.response = response;
      this.id = id;
      this.next = from;
    }

    void start() {
      timer = vertx.setPeriodic(HEARTBEAT_MILLIS, none -> beat());
      response.closeHandler(none -> stop());
      response.exceptionHandler(none -> stop());
      response.drainHandler(none -> send());
      watch = sessions.watch(id, none -> told()).orElse(() -> {});
      write(": events of session %s\nretry: 2000\n\n".formatted(id));
      send();
    }

    private void told() {
      context.runOnContext(none -> send());
    }

    private void send() {
      while (!over && !response.writeQueueFull()) {
        boolean ended = sessions.view(id).map(view -> view.state().isOver()).orElse(true);
        List<Entry> portion = sessions.entries(id, next);
        for (Entry entry : portion.subList(0, Math.min(PORTION, portion.size()))) {
          Optional<Map<String, Object>> event = SessionJson.event(entry);
          if (event.isPresent()) {
            write(
                "id: %d\nevent: %s\ndata: %s\n\n"
                    .formatted(next, SessionJson.kind(entry), Json.write(event.get())));
          }
          next++;
        }
        if (portion.size() <= PORTION) {
          if (ended) {
            write("event: end\ndata: {}\n\n");
            stop();
            response.end();
          }
          return;
        }
      }
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
        watch.run();
        readers.decrementAndGet();
      }
    }
  }
}
