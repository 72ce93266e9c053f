package dev.belay.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.DialException.Reach;
import dev.belay.http.ProxyAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValidationTest {
  private static List<ProxyAddress> proxies(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> ProxyAddress.parse("http://h" + i + ":" + (i % 65_000 + 1)))
        .toList();
  }

  private static HealthReport report(ProxyAddress proxy, boolean works) {
    return new HealthReport(
        proxy.name(),
        Instant.EPOCH,
        HealthLevel.TCP,
        Duration.ofMillis(1),
        Anonymity.UNKNOWN,
        Reach.THERE,
        works ? Verdict.SUCCESS : Verdict.retry(ErrorClass.CONNECT, Blame.ENDPOINT),
        "");
  }

  @Test
  void checksTenThousandSomeAtOnceAndTellsHowFarItIs() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Integer> steps = new ArrayList<>();
    List<ProxyAddress> proxies = proxies(10_000);

    Validation validation =
        Validation.start(
            proxies,
            proxy ->
                CompletableFuture.supplyAsync(() -> {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  inside.decrementAndGet();
                  return report(proxy, proxy.port() % 2 == 0);
                }),
            50,
            (done, total, report) -> {
              assertThat(total).isEqualTo(10_000);
              steps.add(done);
            });
    List<HealthReport> reports =
        validation.reports().toCompletableFuture().get(30, TimeUnit.SECONDS);

    assertThat(reports)
        .extracting(HealthReport::proxy)
        .containsExactlyElementsOf(proxies.stream().map(ProxyAddress::name).toList());
    assertThat(reports).filteredOn(HealthReport::isWorking).hasSize(5_000);
    assertThat(steps).containsExactlyElementsOf(IntStream.rangeClosed(1, 10_000).boxed().toList());
    assertThat(most.get()).isLessThanOrEqualTo(50);
  }

  @Test
  void beginsNothingMoreOnceCancelled() {
    List<CompletableFuture<HealthReport>> running = new ArrayList<>();
    List<ProxyAddress> proxies = proxies(100);
    Validation validation =
        Validation.start(
            proxies,
            proxy -> {
              running.add(new CompletableFuture<>());
              return running.getLast();
            },
            3,
            Validation.Progress.NONE);
    validation.cancel();
    for (int i = 0; i < 3; i++) {
      running.get(i).complete(report(proxies.get(i), true));
    }

    assertThat(running).hasSize(3);
    assertThat(validation.reports().toCompletableFuture().join()).hasSize(3);
  }

  @Test
  void aListenerThatThrowsStopsNothing() {
    Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
    List<Throwable> told = new ArrayList<>();
    Thread.currentThread().setUncaughtExceptionHandler((thread, fault) -> told.add(fault));
    try {
      Validation validation =
          Validation.start(
              proxies(3),
              proxy -> CompletableFuture.completedFuture(report(proxy, true)),
              1,
              (done, total, report) -> {
                throw new IllegalStateException("no");
              });
      assertThat(validation.reports().toCompletableFuture().join()).hasSize(3);
      assertThat(told).hasSize(3);
    } finally {
      Thread.currentThread().setUncaughtExceptionHandler(before);
    }
  }

  @Test
  void anEmptyListIsDoneAtOnce() {
    assertThat(
            Validation.start(
                    List.of(), proxy -> new CompletableFuture<>(), 1, Validation.Progress.NONE)
                .reports()
                .toCompletableFuture())
        .isCompletedWithValue(List.of());
    assertThatThrownBy(() ->
            Validation.start(
                List.of(), proxy -> new CompletableFuture<>(), 0, Validation.Progress.NONE))
        .hasMessage("parallel must be 1 to 10000, was 0");
  }
}
