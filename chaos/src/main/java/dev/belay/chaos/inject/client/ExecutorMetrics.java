package dev.belay.chaos.inject.client;

import java.time.Duration;

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
   * @param p50 half of them at most
   * @param p95 19 of 20 at most
   * @param p99 99 of 100 at most
   */
  public record Latency(Duration p50, Duration p95, Duration p99) {}
}
