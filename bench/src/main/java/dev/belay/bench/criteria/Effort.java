package dev.belay.bench.criteria;

import java.time.Duration;

/**
 * How much is tried.
 *
 * @param seeds simulated runs of each experiment, at least 2
 * @param length of each in virtual time
 * @param requests of each live experiment
 * @param rounds of the load experiment, at least 2
 * @param hourlyAttempts the larger of the two loads on the ledger
 * @param threads on the breakers
 */
record Effort(
    int seeds, Duration length, int requests, int rounds, int hourlyAttempts, int threads) {
  static final Effort FULL = new Effort(40, Duration.ofMinutes(20), 500, 60, 1_000_000, 10_000);
  static final Effort QUICK = new Effort(30, Duration.ofMinutes(5), 250, 20, 1_000_000, 10_000);
}
