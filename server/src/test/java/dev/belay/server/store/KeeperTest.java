package dev.belay.server.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.BreakerPolicy;
import dev.belay.BreakerState;
import dev.belay.Call;
import dev.belay.CallReport;
import dev.belay.RetryPolicy;
import dev.belay.StopReason;
import dev.belay.VirtualTime;
import dev.belay.ledger.AttemptLedger;
import dev.belay.ledger.History;
import dev.belay.proxy.PoolChanges;
import dev.belay.proxy.ProxySettings;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.select.RoundRobin;
import dev.belay.server.live.DefaultPolicy;
import dev.belay.server.live.EventFeed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KeeperTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final VirtualTime time = new VirtualTime();
  private final List<Run> runs = new ArrayList<>();

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  /** One run of a server without its ports. */
  private final class Run {
    final AttemptLedger ledger = new AttemptLedger(time);
    final UpstreamPool pool =
        new UpstreamPool(
            new RoundRobin(), BreakerPolicy.DEFAULT, time, event -> ledger.onBreakerEvent(event));
    final Store store;
    final PoolChanges changes;
    final DefaultPolicy policy;
    final Keeper keeper;

    Run(String url, boolean warm) throws Exception {
      store = Store.opening(StorePorts.config(url, "belay"));
      changes = new PoolChanges(pool, store.pool(), List.of(Entry.of("http://a:1")));
      History history = new History(ledger, store.ledger(), Duration.ofDays(7));
      policy =
          new DefaultPolicy(
              ProxySettings.DEFAULT.policies(), time, new EventFeed(time), store.policies());
      Keeper.Kept kept = new Keeper.Kept(history, changes, pool, policy);
      keeper = new Keeper(store, kept, time, Runnable::run);
      runs.add(this);
      keeper.recall(warm, LONG);
      keeper.begin();
    }

    void calls(int count) {
      var report =
          new CallReport(
              "default", "host", List.of(), StopReason.SUCCESS, Duration.ZERO, Duration.ZERO);
      for (int i = 0; i < count; i++) {
        ledger.finished(Call.DEFAULT, report);
      }
    }

    long counted() {
      return ledger.summary(24).totals().requests().succeeded();
    }

    BreakerState state() {
      return pool.upstreams().getFirst().breaker().state();
    }

    /** As if it had been killed: the next one may have the file, but nothing more is written. */
    void crash() {
      store.close();
    }
  }

  private Run run(boolean warm) throws Exception {
    return new Run("sqlite:" + folder.resolve("belay.db"), warm);
  }

  @AfterEach
  void stop() {
    runs.forEach(run -> run.keeper.stop());
  }

  @Test
  void aCrashLosesTheLastMinuteAtMost() throws Exception {
    Run first = run(false);
    first.calls(5);
    time.advance(Duration.ofMinutes(1));
    first.calls(3);
    first.crash();

    assertThat(run(false).counted()).isEqualTo(5);
  }

  @Test
  void stoppingLosesNothing() throws Exception {
    Run first = run(false);
    first.calls(5);
    first.changes.add(List.of(Entry.of("http://b:1")));
    first.keeper.stop();
    first.keeper.stop();

    Run second = run(false);
    assertThat(second.counted()).isEqualTo(5);
    assertThat(second.pool.upstreams()).hasSize(2);
    second.calls(1);
    second.keeper.stop();
    assertThat(run(false).counted()).isEqualTo(6);
  }

  @Test
  void breakersRestartClosed() throws Exception {
    Run first = run(false);
    first.pool.upstreams().getFirst().breaker().trip();
    first.keeper.stop();

    assertThat(run(false).state()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void breakersRestartHalfOpenIfToldSo() throws Exception {
    Run first = run(false);
    first.pool.upstreams().getFirst().breaker().trip();
    first.keeper.stop();

    Run second = run(true);
    assertThat(second.state()).isEqualTo(BreakerState.HALF_OPEN);
    second.pool.upstreams().getFirst().breaker().acquire().success(1);
    second.keeper.stop();
    assertThat(run(true).state()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void recoversByItselfFromAFullDisk() throws Exception {
    Run run = run(false);
    try (AlarmLog log = new AlarmLog()) {
      pages(run, 1);
      for (int i = 0; i < 3_000; i++) {
        run.ledger.finished(
            Call.DEFAULT.withTarget("host-" + i),
            new CallReport(
                "default", "", List.of(), StopReason.SUCCESS, Duration.ZERO, Duration.ZERO));
      }
      time.advance(Duration.ofMinutes(30));
      assertThat(run.store.alarm().problem().orElseThrow()).contains("the disk is full");

      pages(run, 1_000_000);
      time.advance(Keeper.AGAIN);
      assertThat(run.store.alarm().isRaised()).isFalse();
      assertThat(log.lines()).hasSize(2);
    }
    run.crash();
    assertThat(run(false).counted()).isEqualTo(3_000);
  }

  private static void pages(Run run, int most) {
    requireNonNull(run.store.database())
        .jdbi()
        .useHandle(handle -> handle.execute("pragma max_page_count = " + most));
  }

  @Test
  void catchesUpWhenTheStoreComesLate() throws Exception {
    Path later = folder.resolve("later");
    java.nio.file.Files.writeString(later, "in the way");
    Run run = new Run("sqlite:" + later.resolve("belay.db"), false);
    assertThat(run.store.alarm().isRaised()).isTrue();
    run.calls(4);
    time.advance(Duration.ofMinutes(5));

    java.nio.file.Files.delete(later);
    time.advance(Keeper.AGAIN);

    assertThat(run.store.alarm().isRaised()).isFalse();
    run.crash();
    assertThat(new Run("sqlite:" + later.resolve("belay.db"), false).counted()).isEqualTo(4);
  }

  @Test
  void bringsBackAPolicyThatWasSetOverTheConfiguredOne() throws Exception {
    RetryPolicy set = RetryPolicy.named("default").maxAttempts(7).build();
    String url = "sqlite:" + folder.resolve("policy.db");
    Run before = new Run(url, false);
    before.policy.change(current -> Optional.of(set));
    before.keeper.stop();

    assertThat(new Run(url, false).policy.current().policy()).isEqualTo(set);
  }
}
