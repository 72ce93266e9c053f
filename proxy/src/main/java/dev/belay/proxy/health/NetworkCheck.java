package dev.belay.proxy.health;

import static java.util.Objects.requireNonNull;

import dev.belay.Blame;
import dev.belay.Check;
import dev.belay.ErrorClass;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.http.Connections;
import dev.belay.http.DialException.Reach;
import dev.belay.http.HttpLinks;
import dev.belay.http.ProxyAddress;
import dev.belay.http.TunnelDialer;
import dev.belay.proxy.health.HealthSettings.Place;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.ClientSSLOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks proxies over the network, with their own credentials, on event loops that take turns. Goes
 * to targets through proxies only. Safe for any number of threads.
 */
public final class NetworkCheck implements ProxyCheck {
  private static final HttpLinks.Limits LINKS =
      new HttpLinks.Limits(16, 0, Duration.ofSeconds(1), Duration.ofHours(1));

  private final Vertx vertx;
  private final HealthSettings.Probe probe;
  private final Judge judge;
  private final CertificateCheck certificates;
  private final Time time;
  private final TunnelDialer dialer;
  private final List<Lane> lanes = new ArrayList<>();
  private final AtomicInteger checks = new AtomicInteger();

  /** One event loop and the connections that live on it. */
  private record Lane(Context context, HttpLinks links) {}

  /**
   * One that checks for what {@code probe} says.
   *
   * @param tls whom to trust, for HTTPS proxies and for targets; both are always verified
   * @param loops how many event loops share the work, at least 1
   * @throws IllegalArgumentException if the certificates to trust cannot be read
   */
  public NetworkCheck(
      Vertx vertx, HealthSettings.Probe probe, ClientSSLOptions tls, Time time, int loops) {
    Check.that(loops >= 1, "loops must be at least 1, was %d", loops);
    this.vertx = requireNonNull(vertx, "vertx");
    this.probe = requireNonNull(probe, "probe");
    this.time = requireNonNull(time, "time");
    this.judge = new Judge(probe.ownAddresses());
    this.certificates = CertificateCheck.trusting(vertx, tls);
    this.dialer = new TunnelDialer(vertx, time, tls.copy().setTrustAll(false));
    for (int i = 0; i < loops; i++) {
      Context context = ((VertxInternal) vertx).createEventLoopContext();
      lanes.add(new Lane(context, new HttpLinks(vertx, context, dialer, LINKS)));
    }
  }

  @Override
  public CompletableFuture<HealthReport> check(ProxyAddress proxy) {
    CompletableFuture<HealthReport> report = new CompletableFuture<>();
    Lane lane = lanes.get(Math.floorMod(checks.getAndIncrement(), lanes.size()));
    lane.context().runOnContext(none -> new Run(proxy, lane, report).begin());
    return report;
  }

  /** Gives up its connections; checks under way end as failed. */
  public Future<Void> close() {
    lanes.forEach(lane -> lane.context().runOnContext(none -> lane.links().close()));
    return dialer.close();
  }

  /** One check of one proxy. For the event loop of its lane. */
  private final class Run {
    private final ProxyAddress proxy;
    private final Lane lane;
    private final CompletableFuture<HealthReport> report;
    private final Instant startedAt = time.instant();
    private final Clock clock = Clock.start(time, probe.timeout());
    private final long timer;

    /** Ends what has no limit of its own; dials have. */
    private Runnable expire = () -> {};

    private boolean late;

    Run(ProxyAddress proxy, Lane lane, CompletableFuture<HealthReport> report) {
      this.proxy = proxy;
      this.lane = lane;
      this.report = report;
      long millis = Math.max(1, probe.timeout().toMillis());
      this.timer = vertx.setTimer(millis, none -> expire());
    }

    void begin() {
      // what goes wrong on the way there is a failed check as well
      Future.succeededFuture()
          .compose(none -> level())
          .onComplete(none -> worked(clock.passed()), failure -> failed(CheckFailed.of(failure)));
    }

    private Future<Void> level() {
      return switch (probe.level()) {
        case TCP -> connect();
        case HTTP -> fetch(probe.target().orElseThrow());
        case HTTPS -> tunnel(probe.target().orElseThrow());
      };
    }

    private Future<Void> connect() {
      return dialer
          .connect(proxy, clock.left())
          .tunnel()
          .onSuccess(tunnel -> Connections.cut(tunnel.socket()))
          .mapEmpty();
    }

    private Future<Void> fetch(Place target) {
      return get(target, Map.of())
          .compose(page -> {
            int status = page.status();
            if (status == 407) {
              return Future.failedFuture(
                  new CheckFailed(ErrorClass.AUTH, Blame.ENDPOINT, proxy + " wants another login"));
            }
            return status >= 200 && status < 400
                ? Future.succeededFuture()
                : Future.failedFuture(
                    new CheckFailed(
                        ErrorClass.STATUS,
                        Blame.UNKNOWN,
                        proxy + " answered with status " + status));
          });
    }

    private Future<Fetch.Page> get(Place place, Map<String, String> headers) {
      Fetch fetch = Fetch.begin(lane.links(), proxy, place, headers, clock);
      expire = fetch::expire;
      return fetch.page();
    }

    private Future<Void> tunnel(Place target) {
      return dialer
          .dial(proxy, target.host(), target.port(), clock.left())
          .tunnel()
          .compose(tunnel -> {
            Runnable cut = () -> Connections.cut(tunnel.socket());
            expire = cut;
            return certificates.verify(tunnel, target).onComplete(done -> cut.run());
          });
    }

    private void worked(Duration latency) {
      Place place = probe.judgePlace().orElse(null);
      if (place == null || late) {
        end(latency, Anonymity.UNKNOWN, Reach.THERE, Verdict.SUCCESS, "");
        return;
      }
      String mark = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
      get(place, Map.of(Judge.MARK_HEADER, mark))
          .map(page -> judge.read(page.body(), mark))
          .otherwise(Anonymity.UNKNOWN) // the judge's trouble is not the proxy's
          .onSuccess(anonymity -> end(latency, anonymity, Reach.THERE, Verdict.SUCCESS, ""));
    }

    private void failed(CheckFailed failure) {
      CheckFailed told =
          late && failure.verdict().errorClass() == ErrorClass.RESET
              ? new CheckFailed(
                  ErrorClass.TIMEOUT, Blame.UNKNOWN, proxy + " did not answer in time")
              : failure;
      end(
          clock.passed(),
          Anonymity.UNKNOWN,
          told.reach(),
          told.verdict(),
          String.valueOf(told.getMessage()));
    }

    private void expire() {
      late = true;
      expire.run();
    }

    private void end(
        Duration latency, Anonymity anonymity, Reach reach, Verdict verdict, String message) {
      vertx.cancelTimer(timer);
      report.complete(
          new HealthReport(
              proxy.name(), startedAt, probe.level(), latency, anonymity, reach, verdict, message));
    }
  }
}
