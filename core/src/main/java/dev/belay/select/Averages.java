package dev.belay.select;

import dev.belay.EndpointStats.Snapshot;

/**
 * What the candidates of one choice are like together, and how one of them stands among them.
 *
 * @param successRate mean of those that have any record, 1 if none has
 * @param meanNanos mean latency of those that have had a success, 0 if none has
 * @param largestNanos the largest mean latency, 0 if none has had a success
 * @param inFlight mean number of attempts running
 */
record Averages(double successRate, double meanNanos, double largestNanos, double inFlight) {
  private static final double SUCCESS_SHARE = 0.7;
  private static final double LATENCY_SHARE = 0.3;

  /** A candidate is taken for the average one until it has about as many attempts as this. */
  private static final double PRIOR_ATTEMPTS = 5;

  static Averages of(Snapshot[] records) {
    double rates = 0;
    double latencies = 0;
    double largest = 0;
    long inFlight = 0;
    int rated = 0;
    int timed = 0;
    for (Snapshot one : records) {
      inFlight += one.inFlight();
      if (one.samples() > 0) {
        rates += one.successRate();
        rated++;
      }
      if (one.meanNanos() > 0) {
        latencies += one.meanNanos();
        largest = Math.max(largest, one.meanNanos());
        timed++;
      }
    }
    return new Averages(
        rated == 0 ? 1 : rates / rated,
        timed == 0 ? 0 : latencies / timed,
        largest,
        (double) inFlight / records.length);
  }

  /** Above 0 and at most 1; the highest is the best. */
  double score(Snapshot one) {
    double known = one.samples();
    double rate = blend(one.successRate(), known, successRate);
    double nanos = one.meanNanos() == 0 ? meanNanos : blend(one.meanNanos(), known, meanNanos);
    double slowness = largestNanos == 0 ? 0 : nanos / largestNanos;
    double quality = SUCCESS_SHARE * rate + LATENCY_SHARE * (1 - slowness);
    return quality / (1 + one.inFlight() / (1 + inFlight));
  }

  private static double blend(double own, double attempts, double prior) {
    return (attempts * own + PRIOR_ATTEMPTS * prior) / (attempts + PRIOR_ATTEMPTS);
  }
}
