package dev.belay.proxy.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.BreakerPolicy;
import dev.belay.VirtualTime;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.source.Fetcher.Fetched;
import dev.belay.proxy.source.SourceStatus.State;
import dev.belay.select.RoundRobin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** When a source is asked again, in virtual time. */
class FeedTest {
  private static final Duration INTERVAL = Duration.ofMinutes(10);

  private final VirtualTime time = new VirtualTime();
  private final UpstreamPool pool =
      new UpstreamPool(new RoundRobin(), BreakerPolicy.DEFAULT, time, event -> {});
  private final List<Duration> asked = new ArrayList<>();
  private Fetched answer = new Fetched.Fresh("a.example:1".getBytes(UTF_8), false);
  private CompletableFuture<Fetched> pending = new CompletableFuture<>();
  private boolean slow;

  private final Feed feed =
      new Feed(
          new SourceSettings.OfFile("feed", Path.of("none"), ListRules.DEFAULT),
          new Scripted(),
          new Feed.Parts(pool, time, Runnable::run, new SplittableRandom(5), status -> {}));

  private final class Scripted implements Fetcher {
    @Override
    public CompletionStage<Fetched> fetch() {
      asked.add(time.passed());
      return slow ? pending : CompletableFuture.completedFuture(answer);
    }

    @Override
    public Duration interval() {
      return INTERVAL;
    }

    @Override
    public double jitter() {
      return 0.1;
    }
  }

  private Duration gap(int index) {
    return asked.get(index).minus(asked.get(index - 1));
  }

  @Test
  void asksAgainWithinEachIntervalNotAllAtTheSameTime() {
    feed.ask().join();
    time.advance(INTERVAL.multipliedBy(20));

    assertThat(asked).hasSizeBetween(20, 24);
    for (int i = 1; i < asked.size(); i++) {
      assertThat(gap(i)).isBetween(Duration.ofMinutes(9), INTERVAL);
    }
    assertThat(asked.stream().distinct()).hasSameSizeAs(asked);
  }

  @Test
  void asksSoonAfterAFailureThenLessAndLess() {
    feed.ask().join();
    answer = new Fetched.Failed("down");
    time.advance(INTERVAL.plus(Duration.ofHours(2)));

    assertThat(feed.status().state()).isEqualTo(State.STALE);
    assertThat(gap(2)).isLessThanOrEqualTo(Duration.ofSeconds(2));
    assertThat(gap(4)).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
    assertThat(gap(asked.size() - 1)).isBetween(Duration.ofMinutes(9), INTERVAL);
    assertThat(pool.upstreams()).hasSize(1);
  }

  @Test
  void obeysAServerThatWantsToBeLeftAlone() {
    answer = new Fetched.Failed("busy", Duration.ofHours(3));
    feed.ask().join();
    time.advance(Duration.ofHours(3).minusSeconds(1));
    assertThat(asked).hasSize(1);
    time.advance(Duration.ofSeconds(2));
    assertThat(asked).hasSize(2);
  }

  @Test
  void obeysItForADayAtMost() {
    answer = new Fetched.Failed("busy", Duration.ofDays(300));
    feed.ask().join();
    time.advance(Duration.ofHours(25));
    assertThat(asked).hasSize(2);
  }

  @Test
  void aListThatWasRefusedStaysRefusedWhileNothingChanges() {
    feed.ask().join();
    answer = new Fetched.Fresh("nonsense".getBytes(UTF_8), false);
    assertThat(feed.ask().join().state()).isEqualTo(State.STALE);
    answer = new Fetched.Unchanged();
    assertThat(feed.ask().join().state()).isEqualTo(State.STALE);

    answer = new Fetched.Failed("down");
    feed.ask().join();
    answer = new Fetched.Fresh("b.example:1".getBytes(UTF_8), false);
    assertThat(feed.ask().join().state()).isEqualTo(State.GOOD);
  }

  @Test
  void twoWhoAskAtOnceAskOnce() {
    slow = true;
    CompletableFuture<SourceStatus> one = feed.ask();
    CompletableFuture<SourceStatus> two = feed.ask();
    assertThat(one).isSameAs(two).isNotDone();
    pending.complete(answer);
    assertThat(one).isCompleted();
    assertThat(asked).hasSize(1);
  }

  @Test
  void whatComesAfterTheEndIsDropped() {
    slow = true;
    CompletableFuture<SourceStatus> one = feed.ask();
    feed.stop();
    pending.complete(answer);

    assertThat(one).isCompleted();
    assertThat(pool.upstreams()).isEmpty();
    time.advance(INTERVAL.multipliedBy(3));
    assertThat(asked).hasSize(1);
    assertThat(feed.ask()).isCompleted();
    assertThat(asked).hasSize(1);
  }

  @Test
  void survivesAFetcherThatBreaksItsPromise() {
    slow = true;
    CompletableFuture<SourceStatus> one = feed.ask();
    pending.completeExceptionally(new IllegalStateException("CANARY"));

    assertThat(one.join().state()).isEqualTo(State.FAILED);
    assertThat(one.join().message()).doesNotContain("CANARY");
  }
}
