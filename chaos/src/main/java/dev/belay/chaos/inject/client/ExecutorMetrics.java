package dev.belay.chaos.inject.client;

import java.time.Duration;
import java.util.List;

/**
 * What a client has done since it began.
 *
 * @param total calls in all, those that were not let out included
 * @param success calls that came to an answer that is no failure of the executor
 * @param failed all others
 * @param attempts what became of single tries
 * @param breakerOpens how often the executor was left alone
 * @param latency of the last 1,000 calls that were let out, with all their tries
 */
public record ExecutorMetrics(
    long total, long success, long failed, Attempts attempts, long breakerOpens, Latency latency) {

  /**
   * What became of single tries.
   *
   * @param timeouts those that took too long
   * @param connectionErrors those that found no connection, or lost it
   * @param retries those that were not the first of their call
   * @param successfulRetries calls that needed more than one and succeeded
   */
  public record Attempts(
      long timeouts, long connectionErrors, long retries, long successfulRetries) {}

  /**
   * How long calls took; zero before there are any.
   *
   * @param calls each of them, so that those of several clients can be put together
   */
  public record Latency(List<Duration> calls) {
    public Latency {
      calls = calls.stream().sorted().toList();
    }

    /** Half of them at most. */
    public Duration p50() {
      return at(0.50);
    }

    /** 19 of 20 at most. */
    public Duration p95() {
      return at(0.95);
    }

    /** 99 of 100 at most. */
    public Duration p99() {
      return at(0.99);
    }

    private Duration at(double share) {
      int rank = (int) Math.ceil(share * calls.size());
      return calls.isEmpty() ? Duration.ZERO : calls.get(Math.max(0, rank - 1));
    }
  }
}
