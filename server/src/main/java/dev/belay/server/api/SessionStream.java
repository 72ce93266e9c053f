package dev.belay.server.api;

import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.Followed;
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

  private final Vertx vertx;
  private final Sessions sessions;
  private final LiveReaders readers;

  SessionStream(Vertx vertx, Sessions sessions) {
    this.vertx = vertx;
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
    int from =
        ask.header("Last-Event-ID")
            .filter(text -> NUMBER.matcher(text).matches())
            .map(text -> Integer.parseInt(text) + 1)
            .orElse(0);
    if (!readers.enter(ctx)) {
      return;
    }
    vertx
        .executeBlocking(() -> sessions.follow(id).orElseThrow(() -> missing(id)), false)
        .onComplete(
            followed -> {
              if (LiveReaders.isHead(ctx)) {
                readers.leave();
                var unused = LiveReaders.head(ctx.response()).end();
              } else {
                readers.open(ctx, BEAT, reader -> new Told(reader, followed, id, from));
              }
            },
            failure -> {
              readers.leave();
              Answers.send(ctx, Routes.problem(ctx.statusCode(), failure));
            });
  }

  private static ApiProblem missing(String id) {
    return ApiProblem.missing(
        "SESSION_NOT_FOUND",
        "There is no session %s; GET %s lists them.".formatted(Shown.path(id), SessionRoutes.PATH));
  }

  /** What one reader has seen; all but {@link #told} for the event loop of its connection. */
  private static final class Told implements LiveReaders.Story {
    private final LiveReaders.Reader reader;
    private final Followed followed;
    private final String id;
    private int next;

    Told(LiveReaders.Reader reader, Followed followed, String id, int from) {
      this.reader = reader;
      this.followed = followed;
      this.id = id;
      this.next = from;
    }

    @Override
    public void begin() {
      followed.watch(none -> told());
      reader.write(": events of session %s\nretry: 2000\n\n".formatted(id));
      goOn();
    }

    private void told() {
      reader.later(this::goOn);
    }

    @Override
    public void goOn() {
      while (reader.takes()) {
        boolean ended = followed.isOver(); // before the entries, or the last ones might be missed
        List<Entry> portion = followed.entries(next);
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
      followed.close();
    }
  }
}
