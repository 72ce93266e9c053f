package dev.belay.bench.criteria;

import dev.belay.Attempt;
import dev.belay.Blame;
import dev.belay.BreakerPolicy;
import dev.belay.Call;
import dev.belay.CallMachine;
import dev.belay.CallObserver;
import dev.belay.CallReport;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.ErrorClass;
import dev.belay.Pool;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.SharedRandom;
import dev.belay.StopReason;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.VirtualTime;
import dev.belay.ledger.AttemptLedger;
import dev.belay.ledger.Timeseries;
import dev.belay.select.RandomChoice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SC-007: what a day in the ledger weighs, and how long every question about it takes. */
final class LedgerCriterion {
  private static final int HOURS = 24;
  private static final int ENDPOINTS = 100;
  private static final int HOSTS = 1_000;
  private static final int POLICIES = 5;
  private static final int ASKED = 20;
  private static final long MOST_BYTES = 100L << 20;
  private static final Verdict FAILED = Verdict.retry(ErrorClass.TIMEOUT, Blame.ENDPOINT);

  private final Effort effort;

  LedgerCriterion(Effort effort) {
    this.effort = effort;
  }

  List<Finding> measure() {
    List<Finding> findings = new ArrayList<>(day(10_000, 100));
    findings.addAll(day(effort.hourlyAttempts(), 10));
    return findings;
  }

  private static List<Finding> day(int perHour, double mostMillis) {
    VirtualTime time = new VirtualTime();
    List<Attempt<Endpoint>> attempts = attempts(time);
    List<Call> calls = calls();
    long before = usedBytes();
    AttemptLedger ledger = new AttemptLedger(time);
    fill(ledger, time, attempts, calls, perHour);
    long bytes = Math.max(0, usedBytes() - before);
    String slowest = "";
    double millis = 0;
    for (Map.Entry<String, Runnable> query : queries(ledger).entrySet()) {
      double one = medianMillis(query.getValue());
      if (one > millis) {
        millis = one;
        slowest = query.getKey();
      }
    }
    long kept = ledger.summary(HOURS).totals().attempts();
    String how = "measured, 24 h of %d attempts/h".formatted(perHour);
    boolean whole = kept == (long) perHour * HOURS;
    double export = medianMillis(() -> ledger.hourly());
    return List.of(
        new Finding(
            "SC-007",
            how,
            "all hours as records for the store: %.2f ms".formatted(export),
            "< 100 ms",
            export < 100),
        new Finding(
            "SC-007",
            how,
            "slowest query %s: %.2f ms, %d attempts".formatted(slowest, millis, kept),
            "< %.0f ms".formatted(mostMillis),
            whole && millis < mostMillis),
        new Finding(
            "SC-007",
            how,
            "%.1f MB (%d endpoints, %d hosts, %d policies)"
                .formatted(bytes / 1048576.0, ENDPOINTS, HOSTS, POLICIES),
            "< 100 MB",
            bytes < MOST_BYTES));
  }

  /** One of each endpoint, as a first attempt; the machine is the only one that makes them. */
  private static List<Attempt<Endpoint>> attempts(VirtualTime time) {
    List<Attempt<Endpoint>> attempts = new ArrayList<>();
    for (int i = 0; i < ENDPOINTS; i++) {
      Endpoint endpoint =
          new Endpoint(
              "endpoint-" + i,
              Endpoint.Traits.NONE,
              CircuitBreaker.of("endpoint-" + i, BreakerPolicy.DEFAULT));
      var rules =
          new CallMachine.Rules<>(
              Pool.of("one", new RandomChoice(), List.of(endpoint)),
              RetryPolicy.DEFAULT,
              RetryBudget.unlimited(),
              CallObserver.NONE,
              SharedRandom.INSTANCE,
              time);
      if (new CallMachine<>(rules, Call.DEFAULT, time.nanos()).begin(time.nanos())
          instanceof Attempt<Endpoint> attempt) {
        attempts.add(attempt);
      }
    }
    return attempts;
  }

  private static List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < HOSTS; i++) {
      calls.add(Call.DEFAULT.withTarget("host-" + i + ".example"));
    }
    return calls;
  }

  /** A day, evenly spread; each attempt is a call of its own. */
  private static void fill(
      AttemptLedger ledger,
      VirtualTime time,
      List<Attempt<Endpoint>> attempts,
      List<Call> calls,
      int perHour) {
    Duration step = Duration.ofHours(1).dividedBy(perHour);
    List<CallReport> reports = new ArrayList<>();
    for (int i = 0; i < POLICIES; i++) {
      reports.add(
          new CallReport(
              "policy-" + i, "", List.of(), StopReason.SUCCESS, Duration.ZERO, Duration.ZERO));
    }
    for (long i = 0; i < (long) perHour * HOURS; i++) {
      Attempt<Endpoint> attempt = attempts.get((int) (i * 31 % ENDPOINTS));
      Call call = calls.get((int) (i * 17 % HOSTS));
      CallReport report = reports.get((int) (i % POLICIES));
      Verdict verdict = i % 10 == 0 ? FAILED : Verdict.SUCCESS;
      ledger.attempted(call, report.policy(), attempt, verdict, 1_000_000 + i % 50_000_000);
      ledger.finished(call, report);
      time.advance(step);
    }
  }

  /** Every question that users have, by name. */
  private static Map<String, Runnable> queries(AttemptLedger ledger) {
    Map<String, Runnable> queries = new LinkedHashMap<>();
    queries.put("summary", () -> ledger.summary(HOURS));
    for (Timeseries.Interval interval : Timeseries.Interval.values()) {
      queries.put("timeseries by " + interval, () -> ledger.timeseries(HOURS, interval));
    }
    queries.put("by endpoint", () -> ledger.byEndpoint(HOURS));
    queries.put("by policy", () -> ledger.byPolicy(HOURS));
    queries.put("by host", () -> ledger.byHost(HOURS));
    queries.put("breaker events", () -> ledger.breakerEvents(HOURS));
    return queries;
  }

  /** The median of many: a pause of the collector says nothing about the ledger. */
  private static double medianMillis(Runnable query) {
    Time time = Time.system();
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < ASKED; i++) {
      long start = time.nanos();
      query.run();
      took.add(time.nanos() - start);
    }
    took.sort(null);
    return took.get(ASKED / 2) / 1e6;
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
