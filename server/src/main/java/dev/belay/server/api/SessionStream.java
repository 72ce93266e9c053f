package dev.belay.server.api;

import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.Sessions;
import dev.belay.chaos.wire.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One session as server-sent events: all that has happened, then what happens, to its end. Whoever
 * comes back with the id of the last event it saw goes on from there.
 */
final class SessionStream {
  private static final int MOST_READERS = 64;
  private static final int PORTION = 100;
  private static final LiveReaders.Beat BEAT =
      new LiveReaders.Beat(Duration.ofSeconds(15), LiveReaders.HEARTBEAT);
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final Sessions sessions;
  private final LiveReaders readers;

  SessionStream(Vertx vertx, Sessions sessions) {
    this.sessions = sessions;
    this.readers = new LiveReaders(vertx, MOST_READERS, "sessions");
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
    readers.follow(ctx, BEAT, reader -> new Told(reader, id, from));
  }

  /** What one reader has seen; all but {@link #told} for the event loop of its connection. */
  private final class Told implements LiveReaders.Story {
    private final LiveReaders.Reader reader;
    private final String id;
    private int next;
    private Runnable watch = () -> {};

    Told(LiveReaders.Reader reader, String id, int from) {
      this.reader = reader;
      this.id = id;
      this.next = from;
    }

    @Override
    public void begin() {
      watch = sessions.watch(id, none -> told()).orElse(() -> {});
      reader.write(": events of session %s\nretry: 2000\n\n".formatted(id));
      goOn();
    }

    private void told() {
      reader.later(this::goOn);
    }

    @Override
    public void goOn() {
      while (reader.takes()) {
        boolean ended = sessions.view(id).map(view -> view.state().isOver()).orElse(true);
        List<Entry> portion = sessions.entries(id, next);
        for (Entry entry : portion.subList(0, Math.min(PORTION, portion.size()))) {
          Optional<Map<String, Object>> event = SessionJson.event(entry);
          if (event.isPresent()) {
            reader.write(
                "id: %d\nevent: %s\ndata: %s\n\n"
                    .formatted(next, SessionJson.kind(entry), Json.write(event.get())));
          }
          next++;
        }
        if (portion.size() <= PORTION) {
          if (ended) {
            reader.write("event: end\ndata: {}\n\n");
            reader.end();
          }
          return;
        }
      }
    }

    @Override
    public void close() {
      watch.run();
    }
  }
}
