package dev.belay.bench.criteria;

import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.CallReport;
import dev.belay.RetryPolicy;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import dev.belay.StopReason;
import dev.belay.Verdict;
import dev.belay.select.BestRecent;
import dev.belay.select.RandomChoice;
import dev.belay.testkit.Behaviour;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * SC-001, 002, 003, 005 and 010 once on sockets: proxies that really fail, the forward proxy before
 * them. Sixty times as fast as in the simulation, so the breakers' times are a sixtieth, except in
 * SC-002, which has the load of a busy server as it is.
 */
final class LiveCriteria {
  private static final double REQUESTS_PER_SECOND = 120;

  /** As many as a short simulated run has: what it costs to open a breaker is always the same. */
  private static final int BUSY_REQUESTS = 1_500;

  private static final double BUSY_PER_SECOND = 300;
  private static final BreakerPolicy QUICK_BREAKER =
      BreakerPolicy.builder().window(Duration.ofSeconds(1)).openFor(Duration.ofMillis(500)).build();
  private static final Behaviour LOST = Behaviour.status(502);

  /** Unlike a 502, this is the proxy's own fault beyond doubt. */
  private static final Behaviour LOCKED = Behaviour.wrongCredentials();

  private final Effort effort;

  LiveCriteria(Effort effort) {
    this.effort = effort;
  }

  /** What a run came to. */
  private record Run(List<Requests.Answer> answers, List<CallReport> reports, long wasted) {

    double successRate() {
      return (double) answers.stream().filter(Requests.Answer::good).count() / answers.size();
    }

    double firstRetry() {
      double all = reports.stream().filter(one -> one.attempts().size() > 1).count();
      double good =
          reports.stream()
              .filter(one -> one.attempts().size() > 1)
              .filter(one -> one.attempts().get(1).verdict().kind() == Verdict.Kind.SUCCESS)
              .count();
      return good / all;
    }

    double withinTwoRetries() {
      List<CallReport> good =
          reports.stream().filter(one -> one.reason() == StopReason.SUCCESS).toList();
      return (double) good.stream().filter(one -> one.attempts().size() <= 3).count() / good.size();
    }

    /** In seconds. */
    double p95OfRetried() {
      List<Duration> took =
          reports.stream()
              .filter(one -> one.reason() == StopReason.SUCCESS && one.attempts().size() > 1)
              .map(CallReport::took)
              .sorted()
              .toList();
      int rank = (int) Math.ceil(0.95 * took.size());
      return took.get(Math.max(1, rank) - 1).toNanos() / 1e9;
    }
  }

  private Run run(List<Double> world, Behaviour failure, LiveWorld.Rules rules)
      throws IOException, InterruptedException {
    return run(world, failure, rules, effort.requests(), REQUESTS_PER_SECOND);
  }

  private static Run run(
      List<Double> world, Behaviour failure, LiveWorld.Rules rules, int requests, double perSecond)
      throws IOException, InterruptedException {
    try (LiveWorld live = LiveWorld.start(world, failure, Duration.ofMillis(20), rules)) {
      List<Requests.Answer> answers = new Requests(live.port()).paced(requests, perSecond);
      List<CallReport> reports = live.reports();
      long wasted =
          reports.stream()
              .flatMap(report -> report.attempts().stream())
              .filter(attempt -> live.isHopeless(attempt.endpoint()))
              .count();
      return new Run(answers, reports, wasted);
    }
  }

  private static RetryPolicy policy(int attempts) {
    return RetryPolicy.named("default")
        .maxAttempts(attempts)
        .backoff(Backoff.exponential(Duration.ofMillis(20)))
        .attemptTimeout(Duration.ofSeconds(10))
        .build();
  }

  private static LiveWorld.Rules rules(RetryPolicy policy, boolean breaks, Selection selection) {
    return new LiveWorld.Rules(policy, QUICK_BREAKER, breaks, selection, event -> {});
  }

  /** The default breaker: a run is over before it would send a probe. */
  private static LiveWorld.Rules random(boolean breaks) {
    return new LiveWorld.Rules(
        policy(3), BreakerPolicy.DEFAULT, breaks, new RandomChoice(), event -> {});
  }

  private static LiveWorld.Rules ours(int attempts) {
    return rules(policy(attempts), true, new BestRecent());
  }

  private String live() {
    return "live, %d requests".formatted(effort.requests());
  }

  List<Finding> all() throws IOException, InterruptedException {
    List<Finding> all = new ArrayList<>();
    all.addAll(successRate());
    all.add(wasted());
    all.add(latency());
    all.add(firstRetry());
    all.add(withinTwoRetries());
    return all;
  }

  private List<Finding> successRate() throws IOException, InterruptedException {
    double with = run(Worlds.TRANSIENT, LOST, ours(3)).successRate();
    double without = run(Worlds.TRANSIENT, LOST, ours(1)).successRate();
    double relative = 100 * (with / without - 1);
    double points = 100 * (with - without);
    String rates = " (%.1f %% against %.1f %%)".formatted(100 * with, 100 * without);
    return List.of(
        new Finding(
            "SC-001",
            live(),
            "%.1f %% more successes".formatted(relative) + rates,
            ">= 15 %",
            relative >= 15),
        new Finding(
            "SC-001", live(), "%.1f points more".formatted(points), ">= 15 points", points >= 15));
  }

  private Finding wasted() throws IOException, InterruptedException {
    long with = busy(true).wasted();
    long without = busy(false).wasted();
    double fewer = 100 * (1 - (double) with / without);
    return new Finding(
        "SC-002",
        "live, %d requests, random choice".formatted(BUSY_REQUESTS),
        "%.1f %% fewer attempts wasted (%d against %d)".formatted(fewer, with, without),
        ">= 80 %",
        fewer >= 80);
  }

  private static Run busy(boolean breaks) throws IOException, InterruptedException {
    return run(Worlds.DEGRADED, LOCKED, random(breaks), BUSY_REQUESTS, BUSY_PER_SECOND);
  }

  /** With the waits of the default policy, which are 1 s and 2 s. */
  private Finding latency() throws IOException, InterruptedException {
    RetryPolicy standard = RetryPolicy.named("default").build();
    double p95 =
        run(Worlds.TRANSIENT, LOST, rules(standard, true, new BestRecent())).p95OfRetried();
    return new Finding("SC-003", live(), "P95 %.2f s".formatted(p95), "< 5 s", p95 < 5);
  }

  private Finding firstRetry() throws IOException, InterruptedException {
    double with = run(Worlds.MIXED, LOCKED, ours(3)).firstRetry();
    Selection unfiltered = new Unfiltered(SharedRandom.INSTANCE);
    double without = run(Worlds.MIXED, LOCKED, rules(policy(3), false, unfiltered)).firstRetry();
    double better = 100 * (with / without - 1);
    return new Finding(
        "SC-005",
        live(),
        "%.1f %% more successes on the first retry (%.1f %% against %.1f %%)"
            .formatted(better, 100 * with, 100 * without),
        ">= 20 %",
        better >= 20);
  }

  private Finding withinTwoRetries() throws IOException, InterruptedException {
    double share = 100 * run(Worlds.MIXED, LOCKED, ours(6)).withinTwoRetries();
    return new Finding(
        "SC-010",
        live(),
        "%.1f %% of successes within 2 retries".formatted(share),
        ">= 90 %",
        share >= 90);
  }
}
