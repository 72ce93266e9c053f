package dev.belay.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Blame;
import dev.belay.BreakerPolicy;
import dev.belay.BreakerState;
import dev.belay.ErrorClass;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.VirtualTime;
import dev.belay.http.DialException.Reach;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.select.RoundRobin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HealthMonitorTest {
  private static final Duration INTERVAL = Duration.ofSeconds(60);
  private static final Verdict REFUSED = Verdict.retry(ErrorClass.CONNECT, Blame.ENDPOINT);
  private static final Verdict NO_WAY = Verdict.retry(ErrorClass.DNS, Blame.ENDPOINT);
  private static final Verdict BAD_STATUS = Verdict.retry(ErrorClass.STATUS, Blame.UNKNOWN);

  private final VirtualTime time = new VirtualTime();
  private final UpstreamPool pool = pool(time);
  private final Map<String, Verdict> verdicts = new HashMap<>();
  private final List<String> checked = new ArrayList<>();
  private int failuresToOpen = 2;

  private static UpstreamPool pool(Time time) {
    return new UpstreamPool(new RoundRobin(), BreakerPolicy.DEFAULT, time, event -> {});
  }

  private CompletionStage<HealthReport> check(ProxyAddress proxy) {
    checked.add(proxy.host());
    Verdict verdict = verdicts.getOrDefault(proxy.host(), Verdict.SUCCESS);
    return CompletableFuture.completedFuture(report(proxy, verdict));
  }

  private HealthReport report(ProxyAddress proxy, Verdict verdict) {
    boolean noWay = verdict.equals(NO_WAY);
    return new HealthReport(
        proxy.name(),
        time.instant(),
        HealthLevel.TCP,
        Duration.ofMillis(3),
        Anonymity.UNKNOWN,
        noWay ? Reach.HERE : Reach.THERE,
        verdict,
        verdict.errorClass().name());
  }

  private HealthSettings.Schedule schedule(boolean active) {
    return new HealthSettings.Schedule(active, INTERVAL, 0.1, 100, failuresToOpen);
  }

  private HealthMonitor monitor() {
    return monitor(true, this::check, time);
  }

  private HealthMonitor monitor(boolean active, ProxyCheck check, Time clock) {
    return new HealthMonitor(
        pool, schedule(active), check, clock, Runnable::run, new SplittableRandom(3));
  }

  private void use(String... hosts) {
    pool.replace(
        IntStream.range(0, hosts.length)
            .mapToObj(i -> Entry.of("http://" + hosts[i] + ":1"))
            .toList());
  }

  private Upstream upstream(int index) {
    return pool.upstreams().get(index);
  }

  private BreakerState state(int index) {
    return upstream(index).breaker().state();
  }

  @Test
  void checksEachProxyWithinEveryInterval() {
    use("a", "b", "c");
    HealthMonitor monitor = monitor();

    for (int i = 1; i <= 10; i++) {
      time.advance(INTERVAL);
      int least = i;
      assertThat(List.of("a", "b", "c"))
          .allSatisfy(host ->
              assertThat(checked).filteredOn(host::equals).hasSizeBetween(least, least + 3));
    }
    assertThat(monitor.reports()).hasSize(3);
    monitor.close();
    checked.clear();
    time.advance(INTERVAL.multipliedBy(3));
    assertThat(checked).isEmpty();
  }

  @Test
  void findsADeadProxyWithinOneIntervalAndOpensItsBreakerASecondLater() {
    use("a", "b");
    HealthMonitor monitor = monitor();
    time.advance(Duration.ofSeconds(1));
    verdicts.put("a", REFUSED);

    time.advance(INTERVAL);
    assertThat(monitor.report(upstream(0)).orElseThrow().isWorking()).isFalse();
    time.advance(Duration.ofSeconds(2));
    assertThat(state(0)).isEqualTo(BreakerState.OPEN);
    assertThat(state(1)).isEqualTo(BreakerState.CLOSED);
    assertThat(upstream(0).stats().snapshot().samples()).isZero();
  }

  @Test
  void blamesNobodyWhileNoProxyCanBeReachedFromHere() {
    use("a", "b", "c");
    monitor();
    time.advance(Duration.ofSeconds(5));
    verdicts.putAll(Map.of("a", NO_WAY, "b", NO_WAY, "c", NO_WAY));

    time.advance(INTERVAL.multipliedBy(5));
    assertThat(pool.connectivity().isLost()).isTrue();
    assertThat(pool.upstreams()).allMatch(one -> one.breaker().snapshot().failureCount() == 0);

    verdicts.clear();
    time.advance(INTERVAL);
    assertThat(pool.connectivity().isLost()).isFalse();
  }

  @Test
  void blamesAProxyToWhichThereIsNoWayWhenOthersAreReachedAfterIt() {
    use("a", "b", "c");
    monitor();
    time.advance(Duration.ofSeconds(5));
    verdicts.put("a", NO_WAY);

    time.advance(INTERVAL.plusSeconds(2));
    assertThat(state(0)).isEqualTo(BreakerState.OPEN);
    assertThat(state(1)).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void bringsItBackWhenItWorksAgain() {
    use("a", "b");
    HealthMonitor monitor = monitor();
    verdicts.put("a", REFUSED);
    time.advance(Duration.ofSeconds(5));
    assertThat(state(0)).isEqualTo(BreakerState.OPEN);

    verdicts.clear();
    time.advance(Duration.ofSeconds(31));
    assertThat(state(0)).isEqualTo(BreakerState.CLOSED);
    assertThat(monitor.report(upstream(0)).orElseThrow().isWorking()).isTrue();
  }

  @Test
  void noCheckHoldsAProbeForEver() {
    use("a");
    HealthMonitor monitor = monitor(false, this::check, time);
    for (Verdict verdict :
        List.of(
            BAD_STATUS,
            Verdict.CANCELLED,
            Verdict.IGNORED,
            Verdict.permanent(ErrorClass.REJECTED, Blame.CALLER),
            Verdict.retry(ErrorClass.DNS, Blame.TARGET))) {
      upstream(0).breaker().trip();
      time.advance(Duration.ofSeconds(31));
      verdicts.put("a", verdict);
      assertThat(monitor.check(upstream(0)).toCompletableFuture()).isCompleted();
      assertThat(upstream(0).isSelectable()).as("after %s", verdict).isTrue();
      assertThat(state(0)).isEqualTo(BreakerState.HALF_OPEN);
    }
    verdicts.clear();
    assertThat(monitor.check(upstream(0)).toCompletableFuture()).isCompleted();
    assertThat(state(0)).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void blamesNobodyWhileTheTargetMayBeDown() {
    use("a", "b", "c");
    verdicts.putAll(Map.of("a", BAD_STATUS, "b", BAD_STATUS, "c", BAD_STATUS));
    monitor();

    time.advance(INTERVAL.multipliedBy(5));
    assertThat(pool.upstreams()).allMatch(one -> one.breaker().state() == BreakerState.CLOSED);
    assertThat(upstream(0).breaker().snapshot().failureCount()).isZero();
  }

  @Test
  void blamesAProxyThroughWhichAWorkingTargetFails() {
    use("a", "b", "c");
    verdicts.put("b", BAD_STATUS);
    monitor();

    time.advance(Duration.ofSeconds(5));
    assertThat(state(0)).isEqualTo(BreakerState.CLOSED);
    assertThat(state(1)).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void theWordOfAProxyDoesNotCountAgainstItself() {
    use("only");
    monitor();
    time.advance(Duration.ofSeconds(5));
    verdicts.put("only", BAD_STATUS);

    time.advance(INTERVAL.multipliedBy(3));
    assertThat(state(0)).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void startsNoMoreThanItMayAtOnce() {
    pool.replace(
        IntStream.range(0, 10_000).mapToObj(i -> Entry.of("http://h" + i + ":1")).toList());
    List<Runnable> running = new ArrayList<>();
    HealthMonitor monitor =
        monitor(
            true,
            proxy -> {
              CompletableFuture<HealthReport> report = new CompletableFuture<>();
              running.add(() -> report.complete(report(proxy, Verdict.SUCCESS)));
              return report;
            },
            time);

    time.advance(Duration.ofSeconds(2));
    assertThat(running).hasSize(100);
    for (int i = 0; i < 10_000; i++) {
      assertThat(running.size() - i).isBetween(1, 100);
      running.get(i).run();
    }
    assertThat(monitor.reports()).hasSize(10_000);
  }

  @Test
  void followsThePool() {
    use("a", "b");
    HealthMonitor monitor = monitor();
    time.advance(Duration.ofSeconds(2));
    use("b", "c");
    time.advance(Duration.ofSeconds(3));

    assertThat(checked).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(monitor.reports()).containsOnlyKeys(upstream(0).id(), upstream(1).id());
  }

  @Test
  void checksOnDemandAndNotOtherwise() {
    use("a", "b");
    HealthMonitor monitor = monitor(false, this::check, time);
    time.advance(INTERVAL);
    assertThat(checked).isEmpty();

    assertThat(monitor.check(upstream(1)).toCompletableFuture().join().isWorking()).isTrue();
    assertThat(monitor.checkAll().toCompletableFuture().join())
        .extracting(HealthReport::proxy)
        .containsExactly("http://a:1", "http://b:1");
    assertThat(checked).containsExactly("b", "a", "b");
  }

  @Test
  void twoWhoAskAtOnceGetOneCheck() {
    use("a");
    List<CompletableFuture<HealthReport>> asked = new ArrayList<>();
    HealthMonitor monitor =
        monitor(
            false,
            proxy -> {
              asked.add(new CompletableFuture<>());
              return asked.getLast();
            },
            time);

    CompletableFuture<HealthReport> one = monitor.check(upstream(0)).toCompletableFuture();
    CompletableFuture<HealthReport> two = monitor.check(upstream(0)).toCompletableFuture();
    assertThat(asked).hasSize(1);
    asked.getFirst().complete(report(upstream(0).address(), Verdict.SUCCESS));
    assertThat(one.join()).isSameAs(two.join());
  }

  @Test
  void checksAProxyThatIsInNoPool() {
    use("a");
    Upstream stranger = upstream(0);
    use("b");
    HealthMonitor monitor = monitor(false, this::check, time);

    assertThat(monitor.check(stranger).toCompletableFuture().join().isWorking()).isTrue();
    assertThat(monitor.reports()).isEmpty();
  }

  @Test
  void survivesACheckThatBreaksItsPromise() {
    use("a", "b");
    HealthMonitor monitor =
        monitor(
            true,
            proxy -> {
              if (proxy.host().equals("a")) {
                throw new IllegalStateException("CANARY");
              }
              return CompletableFuture.failedFuture(new IllegalStateException("CANARY"));
            },
            time);

    time.advance(INTERVAL.multipliedBy(3));
    assertThat(monitor.reports().values())
        .hasSize(2)
        .allMatch(report -> !report.isWorking() && !report.message().contains("CANARY"));
    assertThat(pool.upstreams()).allMatch(Upstream::isSelectable);
  }

  @Test
  void takesANewScheduleOverWhileItRuns() {
    use("a");
    HealthMonitor monitor = monitor(false, this::check, time);
    monitor.use(schedule(true), this::check);
    time.advance(Duration.ofSeconds(2));
    assertThat(checked).containsExactly("a");

    monitor.use(schedule(false), this::check);
    time.advance(INTERVAL.multipliedBy(3));
    assertThat(checked).containsExactly("a");
  }

  @Test
  void doesNotTouchABreakerThatSomebodyHolds() {
    use("a");
    upstream(0).breaker().holdClosed();
    verdicts.put("a", REFUSED);
    monitor();

    time.advance(INTERVAL.multipliedBy(3));
    assertThat(state(0)).isEqualTo(BreakerState.HELD_CLOSED);
  }

  /** A clock on the wall that somebody sets back an hour. */
  private final class SetBack implements Time {
    private Duration shift = Duration.ZERO;

    @Override
    public long nanos() {
      return time.nanos();
    }

    @Override
    public long coarseNanos() {
      return time.coarseNanos();
    }

    @Override
    public Instant instant() {
      return time.instant().minus(shift);
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
      time.sleep(nanos);
    }

    @Override
    public Timer after(long nanos, Executor executor, Runnable task) {
      return time.after(nanos, executor, task);
    }
  }

  @Test
  void goesOnWhenTheClockIsSetBackAnHour() {
    SetBack clock = new SetBack();
    UpstreamPool shifted = pool(clock);
    shifted.replace(List.of(Entry.of("http://a:1"), Entry.of("http://b:1")));
    var unused =
        new HealthMonitor(
            shifted, schedule(true), this::check, clock, Runnable::run, new SplittableRandom(3));
    time.advance(Duration.ofSeconds(5));
    clock.shift = Duration.ofHours(1);
    verdicts.put("a", REFUSED);

    time.advance(INTERVAL.plusSeconds(2));
    assertThat(shifted.upstreams().getFirst().breaker().state()).isEqualTo(BreakerState.OPEN);
    verdicts.clear();
    time.advance(Duration.ofSeconds(31));
    assertThat(shifted.upstreams()).allMatch(Upstream::isSelectable);
    assertThat(shifted.upstreams().getFirst().breaker().state()).isEqualTo(BreakerState.CLOSED);
  }
}
