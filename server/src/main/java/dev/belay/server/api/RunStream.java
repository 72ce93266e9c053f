package dev.belay.server.api;

import dev.belay.Time;
import dev.belay.flow.RunEngine;
import dev.belay.flow.RunEvent;
import dev.belay.flow.RunRefused;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.RunView;
import dev.belay.server.live.Flows;
import dev.belay.server.live.Jsons;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One run as server-sent events: all of it first, then each change, to the end. Whoever comes back
 * with the id of the last event it saw goes on from there if nothing is missing. A reader that is
 * too slow misses lines of output, and is told how many.
 */
final class RunStream {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int MOST_READERS = 64;
  private static final int TRIES = 5;
  private static final Pattern SEQUENCE = Pattern.compile("[0-9]{1,18}");

  private final Vertx vertx;
  private final Optional<Flows> flows;
  private final Time time;
  private final LiveReaders readers;
  private final LiveReaders.Beat beat;

  RunStream(Vertx vertx, Optional<Flows> flows, Time time) {
    this(vertx, flows, time, HEARTBEAT, MOST_READERS);
  }

  RunStream(Vertx vertx, Optional<Flows> flows, Time time, Duration heartbeat, int mostReaders) {
    this.vertx = vertx;
    this.flows = flows;
    this.time = time;
    this.readers = new LiveReaders(vertx, mostReaders, "runs");
    this.beat = new LiveReaders.Beat(heartbeat, LiveReaders.HEARTBEAT);
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.GET, RunRoutes.PATH + "/{run}/events", this::open);
  }

  private void open(RoutingContext ctx) {
    Ask ask = Ask.of(ctx, Buffer.buffer());
    Query query = new Query(ask);
    Optional<String> parameter = query.text("last_event_id", 64);
    query.close();
    Flows there = flows.orElseThrow(ApiProblem::noFlow);
    Optional<Long> last =
        ask.header("Last-Event-ID")
            .or(() -> parameter)
            .filter(text -> SEQUENCE.matcher(text).matches())
            .map(Long::valueOf);
    if (!readers.enter(ctx)) {
      return;
    }
    String run = ask.param("run");
    boolean head = LiveReaders.isHead(ctx);
    vertx
        .executeBlocking(() -> head ? look(there, run) : opening(there, run, last), false)
        .onComplete(
            opening -> {
              if (head) {
                readers.leave();
                var unused = LiveReaders.head(ctx.response()).end();
              } else {
                readers.open(ctx, beat, reader -> new Told(reader, there, run, opening));
              }
            },
            failure -> {
              readers.leave();
              Answers.send(ctx, Routes.problem(ctx.statusCode(), failure));
            });
  }

  /**
   * What a reader is told first.
   *
   * @param follower who tells what comes after; empty if nothing does
   */
  private record Opening(String text, Optional<Follower> follower) {}

  /** Tells a reader of events, on the thread that the engine has for it. */
  private static final class Follower {
    /** Who is to be told, if anybody is; known soon after it hears of the first event. */
    private final CompletableFuture<Optional<Told>> told = new CompletableFuture<>();

    private RunEngine.@Nullable Watch watch;

    void hear(RunEvent event) {
      told.join().ifPresent(one -> one.tell(event));
    }

    void close() {
      told.complete(Optional.empty());
      if (watch != null) {
        watch.close();
      }
    }
  }

  private static Opening look(Flows there, String run) {
    RunView unused = view(there, run);
    return new Opening("", Optional.empty());
  }

  private static RunView view(Flows there, String run) {
    return there.engine().view(run).orElseThrow(() -> ApiProblem.noPlanRun(run));
  }

  /** Blocks. */
  private Opening opening(Flows there, String run, Optional<Long> last) {
    Optional<Long> known = last;
    for (int i = 0; i < TRIES; i++) {
      RunView view = view(there, run);
      if (view.run().state().isOver()) {
        return new Opening(snapshot(view) + end(view.run()), Optional.empty());
      }
      // an id of before the process took the run up is below all that it remembers: a gap
      Optional<Long> from = known.filter(id -> id <= view.sequence());
      Follower next = new Follower();
      try {
        RunEngine.Watch watch = there.engine().watch(run, from.orElse(view.sequence()), next::hear);
        next.watch = watch;
        if (!watch.hasGap()) {
          return new Opening(from.isPresent() ? "" : snapshot(view), Optional.of(next));
        }
        next.close();
        known = Optional.empty();
      } catch (RunRefused elsewhere) {
        // another process has it, or it has just ended: whoever comes back will see
        return new Opening(snapshot(view), Optional.empty());
      }
    }
    throw ApiProblem.busy("The run changes faster than it can be told; come back in a moment.");
  }

  private String snapshot(RunView view) {
    return "id: %d\nevent: snapshot\ndata: %s\n\n"
        .formatted(view.sequence(), RunJson.view(view, time.instant()).encode());
  }

  private static String end(RunStatus status) {
    return "event: end\ndata: %s\n\n".formatted(RunJson.run(status).encode());
  }

  /** What one reader is told; what is not said to block is for the event loop. */
  private final class Told implements LiveReaders.Story {
    private final LiveReaders.Reader reader;
    private final Flows there;
    private final String run;
    private final Opening opening;

    /** Waits until the connection takes more. */
    private @Nullable CompletableFuture<Void> held;

    Told(LiveReaders.Reader reader, Flows there, String run, Opening opening) {
      this.reader = reader;
      this.there = there;
      this.run = run;
      this.opening = opening;
    }

    @Override
    public void begin() {
      reader.write(": events of run %s\nretry: 2000\n\n%s".formatted(run, opening.text()));
      if (opening.follower().isPresent()) {
        opening.follower().get().told.complete(Optional.of(this));
      } else {
        reader.end();
      }
    }

    /** Blocks until the connection takes more. */
    void tell(RunEvent event) {
      StringBuilder text = new StringBuilder();
      if (event.kind() != RunEvent.Kind.DROPPED) { // that one has the id of what follows it
        text.append("id: ").append(event.sequence()).append('\n');
      }
      text.append("event: ")
          .append(Jsons.word(event.kind()))
          .append("\ndata: ")
          .append(RunJson.event(event).encode())
          .append("\n\n");
      Optional<RunStatus> halted =
          event
              .change()
              .filter(RunStatus.class::isInstance)
              .map(RunStatus.class::cast)
              .filter(status -> status.state() != RunState.RUNNING);
      // one that is interrupted goes on some day, and so its reader is not told that it is over
      halted
          .filter(status -> status.state().isOver())
          .ifPresent(status -> text.append(end(status)));
      CompletableFuture<Void> room = new CompletableFuture<>();
      reader.later(() -> told(text.toString(), halted.isPresent(), room));
      try {
        room.get();
      } catch (InterruptedException closed) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    private void told(String text, boolean last, CompletableFuture<Void> room) {
      if (reader.isOver()) {
        room.complete(null);
        return;
      }
      reader.write(text);
      if (last) {
        room.complete(null);
        reader.end();
      } else if (reader.takes()) {
        room.complete(null);
      } else {
        held = room;
      }
    }

    @Override
    public void goOn() {
      CompletableFuture<Void> waits = held;
      held = null;
      if (waits != null) {
        waits.complete(null);
      }
    }

    /** A run whose end could not be written down tells nobody of it. */
    @Override
    public void beaten() {
      vertx
          .executeBlocking(
              () -> {
                there.engine().watch(run, Long.MAX_VALUE, none -> {}).close();
                return true;
              },
              false)
          .onFailure(gone -> {
            if (gone instanceof RunRefused) {
              reader.end();
            }
          });
    }

    @Override
    public void close() {
      goOn();
      opening.follower().ifPresent(this::closeLater);
    }

    /** Where nothing else waits for it: closing takes a lock of the engine's. */
    private void closeLater(Follower one) {
      var unused =
          vertx.executeBlocking(
              () -> {
                one.close();
                return true;
              },
              false);
    }
  }
}
