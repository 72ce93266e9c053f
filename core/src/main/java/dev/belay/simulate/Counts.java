package dev.belay.simulate;

import dev.belay.Attempt;
import dev.belay.BreakerEvent;
import dev.belay.StopReason;
import dev.belay.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what happens in a run. For one thread. */
final class Counts {
  private static final int MOST_ATTEMPTS = 10;
  private static final int SLICES = 120;
  private static final int MOST_SLICES = 1_200;
  private static final int MOST_EDGES = 10_000;
  private static final double HOPELESS = 0.7;

  private final Scenario scenario;
  private final long sliceNanos;
  private final List<long[]> slices = new ArrayList<>();
  private final List<BreakerEvent> edges = new ArrayList<>();
  private final Map<StopReason, Long> endings = new EnumMap<>(StopReason.class);
  private final long[] attemptsByNumber = new long[MOST_ATTEMPTS];
  private final long[] successesByNumber = new long[MOST_ATTEMPTS];
  private final long[] successesByAttempts = new long[MOST_ATTEMPTS];
  private final long[] attemptsByEndpoint;
  private final Times all = new Times();
  private final Times good = new Times();
  private final Times retried = new Times();
  private final Times waits = new Times();
  private long offered;
  private long hedges;
  private long wasted;
  private long edgeCount;

  // columns of a slice; the endpoints' own follow
  private static final int OFFERED = 0;
  private static final int ATTEMPTS = 1;
  private static final int SUCCESSES = 2;
  private static final int FAILURES = 3;
  private static final int REFUSED = 4;
  private static final int ENDPOINTS = 5;

  Counts(Scenario scenario) {
    this.scenario = scenario;
    this.attemptsByEndpoint = new long[scenario.endpoints().size()];
    long length = scenario.load().length().toNanos();
    long second = 1_000_000_000;
    // whole seconds where there are enough of them
    long even = length / SLICES;
    this.sliceNanos = even >= second ? Math.ceilDiv(even, second) * second : Math.max(1, even);
  }

  /** Lengths of time that grow in number. */
  private static final class Times {
    private long[] nanos = new long[64];
    private int size;
    private double sum;

    void add(long length) {
      if (size == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * size);
      }
      nanos[size++] = length;
      sum += length;
    }

    Result.Times percentiles() {
      if (size == 0) {
        return Result.Times.NONE;
      }
      Arrays.sort(nanos, 0, size);
      return new Result.Times(at(0.5), at(0.95), at(0.99), at(1));
    }

    /** The shortest that as large a share does not exceed. */
    private Duration at(double share) {
      int rank = (int) Math.ceil(share * size);
      return Duration.ofNanos(nanos[Math.max(1, rank) - 1]);
    }
  }

  private long[] slice(long now) {
    int index = (int) Math.min(MOST_SLICES - 1, now / sliceNanos);
    while (slices.size() <= index) {
      slices.add(new long[ENDPOINTS + attemptsByEndpoint.length]);
    }
    return slices.get(index);
  }

  void offered(long now) {
    offered++;
    slice(now)[OFFERED]++;
  }

  void begun(Attempt<Host> attempt, long now) {
    Host host = attempt.endpoint();
    attemptsByNumber[attempt.number() - 1]++;
    attemptsByEndpoint[host.index()]++;
    hedges += attempt.isHedge() ? 1 : 0;
    wasted += host.failureRate(now) > HOPELESS ? 1 : 0;
    long[] slice = slice(now);
    slice[ATTEMPTS]++;
    slice[ENDPOINTS + host.index()]++;
  }

  void ended(Attempt<Host> attempt, Verdict verdict) {
    if (verdict.kind() == Verdict.Kind.SUCCESS) {
      successesByNumber[attempt.number() - 1]++;
    }
  }

  void waits(long nanos) {
    waits.add(nanos);
  }

  void finished(StopReason reason, int attempts, long started, long now) {
    long took = now - started;
    endings.merge(reason, 1L, Long::sum);
    all.add(took);
    slice(now)[column(reason)]++;
    if (reason == StopReason.SUCCESS) {
      successesByAttempts[attempts - 1]++;
      good.add(took);
      if (attempts > 1) {
        retried.add(took);
      }
    }
  }

  private static int column(StopReason reason) {
    return switch (reason) {
      case SUCCESS -> SUCCESSES;
      case REFUSED -> REFUSED;
      case PERMANENT,
          IGNORED,
          ATTEMPTS_EXHAUSTED,
          BUDGET_EXHAUSTED,
          DEADLINE,
          HINT_TOO_LONG,
          NOT_REPEATABLE,
          CANCELLED ->
          FAILURES;
    };
  }

  void edge(BreakerEvent event) {
    edgeCount++;
    if (edges.size() < MOST_EDGES) {
      edges.add(event);
    }
  }

  Result result(long seed, long budgetRefusals) {
    return new Result(
        scenario,
        seed,
        new Result.Calls(
            offered, endings, all.percentiles(), good.percentiles(), retried.percentiles()),
        new Result.Attempts(
            trimmed(attemptsByNumber),
            trimmed(successesByNumber),
            trimmed(successesByAttempts),
            byEndpoint(),
            hedges,
            wasted),
        new Result.Waits(
            waits.size, Duration.ofNanos((long) waits.sum), waits.percentiles(), budgetRefusals),
        new Result.Breakers(edges, edgeCount),
        timeline());
  }

  private static List<Long> trimmed(long[] counts) {
    int size = counts.length;
    while (size > 0 && counts[size - 1] == 0) {
      size--;
    }
    return Arrays.stream(counts, 0, size).boxed().toList();
  }

  private Map<String, Long> byEndpoint() {
    Map<String, Long> byName = new LinkedHashMap<>();
    for (int i = 0; i < attemptsByEndpoint.length; i++) {
      byName.put(scenario.endpoints().get(i).name(), attemptsByEndpoint[i]);
    }
    return byName;
  }

  private Timeline timeline() {
    List<Timeline.Slice> all = new ArrayList<>();
    for (long[] one : slices) {
      List<Long> byEndpoint = Arrays.stream(one, ENDPOINTS, one.length).boxed().toList();
      all.add(
          new Timeline.Slice(
              one[OFFERED],
              one[ATTEMPTS],
              one[SUCCESSES],
              one[FAILURES],
              one[REFUSED],
              byEndpoint));
    }
    List<String> names = scenario.endpoints().stream().map(ScriptedEndpoint::name).toList();
    return new Timeline(Duration.ofNanos(sliceNanos), names, all);
  }
}
