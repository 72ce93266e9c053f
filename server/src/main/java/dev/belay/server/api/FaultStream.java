package dev.belay.server.api;

import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.inject.RuleFeed;
import dev.belay.server.live.FaultControl;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * All fault policies as server-sent events: once, and again after each change. Data planes of this
 * project say who they are; they are given ages besides, and signs of life often enough for their
 * lease. Whoever takes nothing while a hundred changes pass is cut off.
 */
final class FaultStream {
  private static final int MOST_READERS = 256;
  private static final int MOST_MISSED = 100;
  private static final int MOST_LEASE_MS = 3_600_000;
  private static final String ALIVE = ": keepalive\n\n";

  private final Vertx vertx;
  private final FaultPolicies policies;
  private final Beats beats;
  private final LiveReaders readers;

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

  FaultStream(Vertx vertx, FaultControl control) {
    this(vertx, control, Beats.DEFAULT);
  }

  FaultStream(Vertx vertx, FaultControl control, Beats beats) {
    this.vertx = vertx;
    this.policies = control.policies();
    this.beats = beats;
    this.readers = new LiveReaders(vertx, MOST_READERS, "the policies");
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.GET, "/v1/config/stream", this::open);
  }

  private void open(RoutingContext ctx) {
    Query query = new Query(Ask.of(ctx, Buffer.buffer()));
    boolean agent = query.text("agent", 64).isPresent();
    Duration lease = Duration.ofMillis(query.whole("lease_ms", 1, MOST_LEASE_MS, MOST_LEASE_MS));
    query.close();
    Duration every = agent ? beats.within(lease) : beats.others();
    readers.follow(ctx, new LiveReaders.Beat(every, ALIVE), reader -> new Told(reader, agent));
  }

  /** What one reader has heard; all but {@link #changed} for the event loop of its connection. */
  private final class Told implements LiveReaders.Story {
    private final LiveReaders.Reader reader;
    private final boolean agent;
    private final Runnable listener = this::changed;
    private String event = "full_config";
    private String written = "";
    private boolean reading;
    private boolean again;
    private int missed;

    Told(LiveReaders.Reader reader, boolean agent) {
      this.reader = reader;
      this.agent = agent;
    }

    @Override
    public void begin() {
      policies.addListener(listener);
      again = true;
      goOn();
    }

    private void changed() {
      reader.later(() -> {
        again = true;
        if (!reader.takes() && ++missed > MOST_MISSED) {
          reader.drop();
        } else {
          goOn();
        }
      });
    }

    /** What is written is always the newest; the lock of the policies is not for the event loop. */
    @Override
    public void goOn() {
      if (reading || !again || !reader.takes()) {
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
                if (!reader.isOver() && isNews) {
                  written = data.id();
                  reader.write(
                      "%sevent: %s\ndata: %s\n\n".formatted(data.id(), event, data.json()));
                  event = "update";
                }
                goOn();
              },
              failure -> reader.drop());
    }

    private Data text() {
      FaultPolicies.Snapshot now = policies.snapshot();
      return new Data(
          "id: " + now.version() + "\n",
          agent ? RuleFeed.dated(now.dated()) : RuleFeed.plain(now.policies()));
    }

    private record Data(String id, String json) {}

    @Override
    public void close() {
      policies.removeListener(listener);
    }
  }
}
