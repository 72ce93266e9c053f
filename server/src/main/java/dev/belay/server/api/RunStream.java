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
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One run as server-sent events: all of it first, then each change, to the end. Whoever comes back
 * with the id of the last event it saw goes on from there if nothing is missing. A reader that is
 * too slow misses lines of output, and is told how many; one whose connection stays full from one
 * heartbeat to the next is cut off. The number of readers is bounded.
 */
final class RunStream {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int MOST_READERS = 64;
  private static final int QUEUE_BYTES = 64 * 1024;
  private static final int TRIES = 5;
  private static final Pattern SEQUENCE = Pattern.compile("[0-9]{1,18}");

  private final Vertx vertx;
  private final Optional<Flows> flows;
  private final Time time;
  private final Duration heartbeat;
  private final int mostReaders;
  private final AtomicInteger readers = new AtomicInteger();

  RunStream(Vertx vertx, Optional<Flows> flows, Time time) {
    this(vertx, flows, time, HEARTBEAT, MOST_READERS);
  }

  RunStream(Vertx vertx, Optional<Flows> flows, Time time, Duration heartbeat, int mostReaders) {
    this.vertx = vertx;
    this.flows = flows;
    this.time = time;
    this.heartbeat = heartbeat;
    this.mostReaders = mostReaders;
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
    if (readers.incrementAndGet() > mostReaders) {
      readers.decrementAndGet();
      Answers.send(ctx, ApiProblem.busy("Too many readers follow runs already."));
      return;
    }
    boolean head = ctx.request().method().equals(HttpMethod.HEAD);
    Reader reader = new Reader(ctx.response(), there, ask.param("run"));
    vertx
        .executeBlocking(() -> reader.opening(head ? Optional.empty() : last, !head), false)
        .onComplete(result -> {
          if (result.succeeded()) {
            reader.start(result.result(), head);
          } else {
            readers.decrementAndGet();
            Answers.send(ctx, Routes.problem(ctx.statusCode(), result.cause()));
          }
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
    private final Reader reader;

    /** Whether this one is to tell anything; known soon after it hears of the first event. */
    private final CompletableFuture<Boolean> wanted = new CompletableFuture<>();

    private RunEngine.@Nullable Watch watch;

    Follower(Reader reader) {
      this.reader = reader;
    }

    void hear(RunEvent event) {
      if (wanted.join()) {
        reader.tell(event);
      }
    }

    void close() {
      wanted.complete(false);
      if (watch != null) {
        watch.close();
      }
    }
  }

  /** One connection; what is not said to block is for its event loop. */
  private final class Reader {
    private final Context context = vertx.getOrCreateContext();
    private final HttpServerResponse response;
    private final Flows there;
    private final String run;
    private Optional<Follower> follower = Optional.empty();

    /** Waits until the connection takes more. */
    private @Nullable CompletableFuture<Void> held;

    private long timer;
    private boolean full;
    private boolean over;

    Reader(HttpServerResponse response, Flows there, String run) {
      this.response = response;
      this.there = there;
      this.run = run;
    }

    /** Blocks. */
    Opening opening(Optional<Long> last, boolean follows) {
      Optional<Long> known = last;
      for (int i = 0; i < TRIES; i++) {
        RunView view = there.engine().view(run).orElseThrow(() -> ApiProblem.noPlanRun(run));
        if (!follows) {
          return new Opening("", Optional.empty());
        }
        if (view.run().state().isOver()) {
          return new Opening(snapshot(view) + end(view.run()), Optional.empty());
        }
        // an id of before the process took the run up is below all that it remembers: a gap
        Optional<Long> from = known.filter(id -> id <= view.sequence());
        Follower next = new Follower(this);
        try {
          RunEngine.Watch watch =
              there.engine().watch(run, from.orElse(view.sequence()), next::hear);
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

    void start(Opening opening, boolean head) {
      follower = opening.follower();
      if (response.ended() || response.closed()) {
        over = true;
        readers.decrementAndGet();
        follower.ifPresent(this::closeLater);
        return;
      }
      response
          .setStatusCode(200)
          .putHeader("Content-Type", "text/event-stream")
          .putHeader("Cache-Control", "no-store")
          .putHeader("X-Content-Type-Options", "nosniff");
      if (head) {
        over = true;
        readers.decrementAndGet();
        response.end();
        return;
      }
      response.setChunked(true).setWriteQueueMaxSize(QUEUE_BYTES);
      timer = vertx.setPeriodic(heartbeat.toMillis(), none -> beat());
      response.closeHandler(none -> stop());
      response.exceptionHandler(none -> stop());
      response.drainHandler(none -> letGo());
      write(": events of run %s\nretry: 2000\n\n%s".formatted(run, opening.text()));
      if (follower.isPresent()) {
        follower.get().wanted.complete(true);
      } else {
        finish();
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
      context.runOnContext(none -> told(text.toString(), halted.isPresent(), room));
      try {
        room.get();
      } catch (InterruptedException closed) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    private void told(String text, boolean last, CompletableFuture<Void> room) {
      if (over) {
        room.complete(null);
        return;
      }
      write(text);
      if (last) {
        room.complete(null);
        finish();
      } else if (response.writeQueueFull()) {
        held = room;
      } else {
        room.complete(null);
      }
    }

    private void write(String text) {
      var unused = response.write(text);
    }

    private void letGo() {
      CompletableFuture<Void> waits = held;
      held = null;
      if (waits != null) {
        waits.complete(null);
      }
    }

    private void beat() {
      if (!response.writeQueueFull()) {
        full = false;
        write(": heartbeat\n\n");
        look();
      } else if (full) {
        stop();
        response.reset();
      } else {
        full = true;
      }
    }

    /** A run whose end could not be written down tells nobody of it. */
    private void look() {
      vertx
          .executeBlocking(
              () -> {
                there.engine().watch(run, Long.MAX_VALUE, none -> {}).close();
                return true;
              },
              false)
          .onFailure(gone -> {
            if (gone instanceof RunRefused && !over) {
              finish();
            }
          });
    }

    private void finish() {
      stop();
      response.end();
    }

    private void stop() {
      if (!over) {
        over = true;
        vertx.cancelTimer(timer);
        readers.decrementAndGet();
        letGo();
        follower.ifPresent(this::closeLater);
      }
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
