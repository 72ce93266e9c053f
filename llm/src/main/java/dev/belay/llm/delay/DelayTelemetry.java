package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Hint;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what waits come to. Series have a name and labels from closed sets, so that their number
 * stays bounded; lengths of time are kept as histograms. Safe for any number of threads.
 */
public final class DelayTelemetry {
  private static final int MOST_SERIES = 2_000;

  private final Map<Series, LongAdder> counters = new ConcurrentHashMap<>();
  private final Map<String, WaitHistogram> histograms = new ConcurrentHashMap<>();
  private final Map<Told, Long> toldUntil = new ConcurrentHashMap<>();

  /** For what a provider asked to wait. */
  private record Told(GateKey key, ErrorKind kind) {}

  /**
   * A counter.
   *
   * @param name {@code retries}, say
   * @param label what it counts by, {@code RATE_LIMIT}, say; empty if there is only one
   */
  public record Series(String name, String label) {
    /** Rejects null. */
    public Series {
      requireNonNull(name, "name");
      requireNonNull(label, "label");
    }
  }

  /** Nothing counted yet. */
  public DelayTelemetry() {}

  /** A call begins. */
  public void call() {
    add("calls", "");
  }

  /** An attempt begins. */
  public void attempt() {
    add("attempts", "");
  }

  /** An attempt failed, and this is what was decided. */
  public void decided(ErrorKind kind, Hint hint, Decision decision) {
    if (!hint.source().isEmpty()) {
      add("hints_seen", source(hint.source()));
    }
    switch (decision) {
      case Decision.Retry retry -> {
        add("retries", kind.name());
        add("retries_by_source", hint.source().isEmpty() ? "backoff" : source(hint.source()));
        if (!hint.source().isEmpty() && retry.after().compareTo(hint.after()) >= 0) {
          add("hints_honoured", source(hint.source()));
        }
        histogram("wait").add(retry.after());
      }
      case Decision.Fallback fallback -> add("fallbacks", kind.name());
      case Decision.Park park -> add("parked", kind.name());
      case Decision.Stop stop -> {
        add("give_ups", stop.cause().name());
        if (stop.cause() == Decision.Cause.HINT_TOO_LONG) {
          add("hints_over_limit", source(hint.source()));
        }
      }
    }
  }

  /**
   * An attempt failed. It was wasted if it was sent before the time was over for which an earlier
   * failure of the same kind, at the same gate, had asked to wait.
   *
   * @param key of the gate
   * @param sentNanos when it was sent, on the clock of {@link dev.belay.Time#nanos}
   * @param nowNanos when it failed, on the same clock
   */
  public void failed(GateKey key, ProviderError error, long sentNanos, long nowNanos) {
    Told told = new Told(key, error.kind());
    Long until = toldUntil.get(told);
    if (until != null && sentNanos - until < 0) {
      add("wasted_calls", error.kind().name());
    }
    if (error.hint().isPresent()) {
      if (toldUntil.size() >= MOST_SERIES) {
        toldUntil.values().removeIf(end -> nowNanos - end >= 0);
      }
      if (toldUntil.size() < MOST_SERIES || toldUntil.containsKey(told)) {
        long end =
            nowNanos
                + Math.min(error.hint().after().toSeconds(), 31_622_400) * 1_000_000_000L
                + error.hint().after().toNanosPart();
        toldUntil.merge(told, end, (a, b) -> a - b > 0 ? a : b);
      }
    }
  }

  /**
   * A call got its answer after at least one failure.
   *
   * @param sinceFirstFailure the time to recovery
   * @param attempts in all
   */
  public void recovered(Duration sinceFirstFailure, int attempts) {
    add("recoveries", "");
    histogram("time_to_recovery").add(sinceFirstFailure);
    add("attempts_per_success", attempts > 10 ? "more" : String.valueOf(attempts));
  }

  /** What was done, and what would have been. */
  public void shadow(ErrorKind kind, Decision real, Decision would) {
    String pair = name(real) + "_to_" + name(would);
    add("shadow", kind.name() + "_" + pair);
    if (real instanceof Decision.Retry now && would instanceof Decision.Retry then) {
      histogram("shadow_real_wait").add(now.after());
      histogram("shadow_would_wait").add(then.after());
    }
  }

  private static String name(Decision decision) {
    return switch (decision) {
      case Decision.Retry retry -> "retry";
      case Decision.Fallback fallback -> "fallback";
      case Decision.Park park -> "park";
      case Decision.Stop stop -> "stop";
    };
  }

  /** The name of a source without what was written there. */
  static String source(String full) {
    int colon = full.indexOf(": ");
    return colon < 0 ? full : full.substring(0, colon);
  }

  private void add(String name, String label) {
    Series series = new Series(name, label);
    LongAdder counter = counters.get(series);
    if (counter == null) {
      Series bounded = counters.size() < MOST_SERIES ? series : new Series(name, "other");
      counter = counters.computeIfAbsent(bounded, none -> new LongAdder());
    }
    counter.increment();
  }

  /** One histogram, which goes on counting; empty if nothing was added yet. */
  public WaitHistogram histogram(String name) {
    return histograms.computeIfAbsent(name, none -> new WaitHistogram());
  }

  /** One counter now; 0 if it was never touched. */
  public long count(String name, String label) {
    LongAdder counter = counters.get(new Series(name, label));
    return counter == null ? 0 : counter.sum();
  }

  /** All counters of a name together. */
  public long total(String name) {
    return counters.entrySet().stream()
        .filter(counter -> counter.getKey().name().equals(name))
        .mapToLong(counter -> counter.getValue().sum())
        .sum();
  }

  /** Every counter now. */
  public Map<Series, Long> counts() {
    Map<Series, Long> all = new ConcurrentHashMap<>();
    counters.forEach((series, counter) -> all.put(series, counter.sum()));
    return Map.copyOf(all);
  }

  /** Every histogram, by name. */
  public Map<String, WaitHistogram> histograms() {
    return Map.copyOf(new TreeMap<>(histograms));
  }
}
