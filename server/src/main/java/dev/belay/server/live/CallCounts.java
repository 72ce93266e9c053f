package dev.belay.server.live;

import dev.belay.Attempt;
import dev.belay.BreakerEvent;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.CallReport;
import dev.belay.Step;
import dev.belay.StopReason;
import dev.belay.Verdict;
import dev.belay.llm.review.ReviewItem;
import dev.belay.llm.review.ReviewState;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts for Prometheus: they only grow, from the start of the server on. A few additions for each
 * call, no lock. Safe for any number of threads.
 */
public final class CallCounts implements CallObserver {
  /** Upper ends of the buckets, in milliseconds. */
  private static final long[] BOUNDS = {
    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000
  };

  private final Map<StopReason, LongAdder> calls = new EnumMap<>(StopReason.class);
  private final Map<Result, LongAdder> attempts = new EnumMap<>(Result.class);
  private final Map<Result, LongAdder> retries = new EnumMap<>(Result.class);
  private final Map<String, LongAdder> edges =
      Map.of("closed", new LongAdder(), "open", new LongAdder(), "half_open", new LongAdder());
  private final Map<ReviewState, LongAdder> reviews = new EnumMap<>(ReviewState.class);
  private final LongAdder waitedNanos = new LongAdder();
  private final LongAdder tookNanos = new LongAdder();
  private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];

  /** All at zero. */
  public CallCounts() {
    for (StopReason reason : StopReason.values()) {
      calls.put(reason, new LongAdder());
    }
    for (Result result : Result.values()) {
      attempts.put(result, new LongAdder());
      retries.put(result, new LongAdder());
    }
    for (ReviewState state : ReviewState.values()) {
      reviews.put(state, new LongAdder());
    }
    Arrays.setAll(buckets, i -> new LongAdder());
  }

  /** What an attempt came to. */
  public enum Result {
    /** It worked. */
    SUCCESS,
    /** It failed. */
    FAILURE,
    /** It counts neither way. */
    IGNORED;

    private static Result of(Verdict verdict) {
      return switch (verdict.kind()) {
        case SUCCESS -> SUCCESS;
        case RETRY, THROTTLED, PERMANENT -> FAILURE;
        case IGNORED, CANCELLED -> IGNORED;
      };
    }
  }

  @Override
  public void attempted(
      Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
    Result result = Result.of(verdict);
    count(attempts, result);
    if (attempt.number() > 1) {
      count(retries, result);
    }
  }

  @Override
  public void paused(Call call, String policy, Step.Pause<?> pause) {
    waitedNanos.add(pause.nanos());
  }

  @Override
  public void finished(Call call, CallReport report) {
    count(calls, report.reason());
    long nanos = report.took().toNanos();
    tookNanos.add(nanos);
    buckets[bucket(nanos)].increment();
  }

  /** A breaker took an edge. */
  public void onBreakerEvent(BreakerEvent event) {
    count(edges, Jsons.state(event.to()));
  }

  /** A review was parked, or came to another state. */
  public void onReview(ReviewItem item) {
    count(reviews, item.state());
  }

  private static <K> void count(Map<K, LongAdder> counts, K key) {
    LongAdder count = counts.get(key);
    if (count != null) {
      count.increment();
    }
  }

  private static int bucket(long nanos) {
    int i = 0;
    while (i < BOUNDS.length && nanos > BOUNDS[i] * 1_000_000) {
      i++;
    }
    return i;
  }

  private static <K> long sum(Map<K, LongAdder> counts, K key) {
    LongAdder count = counts.get(key);
    return count == null ? 0 : count.sum();
  }

  /** Calls that ended like this. */
  public long calls(StopReason reason) {
    return sum(calls, reason);
  }

  /** Attempts that came to this. */
  public long attempts(Result result) {
    return sum(attempts, result);
  }

  /** Attempts other than the first of their call that came to this. */
  public long retries(Result result) {
    return sum(retries, result);
  }

  /**
   * Edges that led breakers into a state.
   *
   * @param state {@code closed}, {@code open} or {@code half_open}
   */
  public long edges(String state) {
    return sum(edges, state);
  }

  /** Reviews that came to this state on this server. */
  public long reviews(ReviewState state) {
    return sum(reviews, state);
  }

  /** How long calls waited before their next attempts, added up, in seconds. */
  public double waitedSeconds() {
    return waitedNanos.sum() / 1e9;
  }

  /** How long calls took as a histogram in Prometheus's text format. */
  public String durations(String name) {
    StringBuilder text =
        new StringBuilder()
            .append(
                "# HELP %s from the first decision to the last, waits included\n".formatted(name))
            .append("# TYPE %s histogram\n".formatted(name));
    long count = 0;
    for (int i = 0; i < buckets.length; i++) {
      count += buckets[i].sum();
      String end = i < BOUNDS.length ? Double.toString(BOUNDS[i] / 1e3) : "+Inf";
      text.append("%s_bucket{le=\"%s\"} %d\n".formatted(name, end, count));
    }
    text.append("%s_sum %s\n".formatted(name, tookNanos.sum() / 1e9));
    return text.append("%s_count %d\n".formatted(name, count)).toString();
  }
}
