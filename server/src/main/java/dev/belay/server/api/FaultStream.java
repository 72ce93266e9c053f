package dev.belay.server.api;

import dev.belay.Time;
import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.inject.RuleFeed;
import dev.belay.server.live.FaultControl;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All fault policies as server-sent events: once, and again after each change. Data planes of this
 * project say who they are; they are given ages besides, and signs of life often enough for their
 * lease. Whoever takes nothing while a hundred changes pass, or from one sign of life to the next,
 * is cut off. The number of readers is bounded.
 */
final class FaultStream {
  private static final int MOST_READERS = 256;
  private static final int MOST_MISSED = 100;
  private static final int MOST_LEASE_MS = 3_600_000;
  private static final int QUEUE_BYTES = 64 * 1024;

  private final Vertx vertx;
  private final FaultPolicies policies;
  private final Time time;
  private final Beats beats;
  private final AtomicInteger readers = new AtomicInteger();

  /**
   * How often a sign of life is given.
   *
   * @param others to readers that do not say who they are, as published executors do
   * @param agents to data planes of this project, unless their lease needs more
   */
  record Beats(Duration others, Duration agents) {
    static final Beats DEFAULT = new Beats(Duration.ofSeconds(30), Duration.ofSeconds(4));
    private static final Duration OFTEN = Duration.ofMillis(50);

    /** Often enough that one may be lost, and one late, within a lease. */
    Duration within(Duration lease) {
      Duration third = lease.dividedBy(3);
      Duration every = third.compareTo(agents) < 0 ? third : agents;
      return every.compareTo(OFTEN) < 0 ? OFTEN : every;
    }
  }

  FaultStream(Vertx vertx, FaultControl control, Time time) {
    this(vertx, control, time, Beats.DEFAULT);
  }

  FaultStream(Vertx vertx, FaultControl control, Time time, Beats beats) {
    this.vertx = vertx;
    this.policies = control.policies();
    this.time = time;
    this.beats = beats;
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.GET, "/v1/config/stream", this::open);
  }

  private void open(RoutingContext ctx) {
    Query query = new Query(Ask.of(ctx, Buffer.buffer()));
    boolean agent = query.text("agent", 64).isPresent();
    Duration lease = Duration.ofMillis(query.whole("lease_ms", 1, MOST_LEASE_MS, MOST_LEASE_MS));
    query.close();
    boolean head = ctx.request().method().equals(HttpMethod.HEAD);
    if (!head && readers.incrementAndGet() > MOST_READERS) {
      readers.decrementAndGet();
      Answers.send(ctx, ApiProblem.busy("Too many readers follow the policies already."));
      return;
    }
    HttpServerResponse response =
        ctx.response()
            .setStatusCode(200)
            .putHeader("Content-Type", "text/event-stream")
            .putHeader("Cache-Control", "no-store")
            .putHeader("X-Content-Type-Options", "nosniff");
    if (head) {
      response.end();
    } else {
      response.setChunked(true).setWriteQueueMaxSize(QUEUE_BYTES);
      new Reader(response, agent, agent ? beats.within(lease) : beats.others()).start();
    }
  }

  /** One connection; all but {@link #changed} for its event loop. */
  private final class Reader {
    private final Context context = vertx.getOrCreateContext();
    private final HttpServerResponse response;
    private final boolean agent;
    private final Duration every;
    private final Runnable listener = this::changed;
    private String event = "full_config";
    private String written = "";
    private long timer;
    private boolean reading;
    private boolean again;
    private int missed;
    private boolean full;
    private boolean over;

    Reader(HttpServerResponse response, boolean agent, Duration every) {
      this.response = response;
      this.agent = agent;
      this.every = every;
    }

    void start() {
      timer = vertx.setPeriodic(every.toMillis(), none -> beat());
      response.closeHandler(none -> stop());
      response.exceptionHandler(none -> stop());
      response.drainHandler(none -> send());
      policies.addListener(listener);
      again = true;
      send();
    }

    private void changed() {
      context.runOnContext(none -> {
        again = true;
        if (response.writeQueueFull() && ++missed > MOST_MISSED) {
          drop();
        } else {
          send();
        }
      });
    }

    /** What is written is always the newest; the lock of the policies is not for the event loop. */
    private void send() {
      if (over || reading || !again || response.writeQueueFull()) {
        return;
      }
      again = false;
      reading = true;
      vertx
          .executeBlocking(this::text, false)
          .onComplete(
              data -> {
                reading = false;
                missed = 0;
                boolean isNews = agent || !data.id().equals(written); // renewals are for agents
                if (!over && isNews) {
                  written = data.id();
                  write("%sevent: %s\ndata: %s\n\n".formatted(data.id(), event, data.json()));
                  event = "update";
                }
                send();
              },
              failure -> drop());
    }

    private Data text() {
      FaultPolicies.Snapshot now = policies.snapshot();
      return new Data(
          "id: " + now.version() + "\n",
          agent ? RuleFeed.dated(now.policies(), time.instant()) : RuleFeed.plain(now.policies()));
    }

    private record Data(String id, String json) {}

    private void write(String text) {
      var unused = response.write(text);
    }

    private void beat() {
      if (!response.writeQueueFull()) {
        full = false;
        write(": keepalive\n\n");
      } else if (full) {
        drop();
      } else {
        full = true;
      }
    }

    private void drop() {
      if (!over) {
        stop();
        response.reset();
      }
    }

    private void stop() {
      if (!over) {
        over = true;
        vertx.cancelTimer(timer);
        policies.removeListener(listener);
        readers.decrementAndGet();
      }
    }
  }
}
