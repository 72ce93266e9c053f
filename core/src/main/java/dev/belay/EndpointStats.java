package dev.belay;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is known of an endpoint from its recent attempts; selection strategies choose by it. What
 * somebody else is to blame for does not count as its failure; what nobody knows the cause of does.
 * Complete for endpoints of a pool; one that is guarded alone does not record calls that work at
 * once, because nobody chooses by them. Safe for any number of threads.
 */
public final class EndpointStats {
  private static final int RECENT = 100;
  private static final double MEAN_WEIGHT = 0.2;
  private static final long PEAK_DECAY_NANOS = 10_000_000_000L;
  private static final long LEAST_PENALTY_NANOS = 100_000_000;

  private final Time time;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();

  // all that follows is guarded by the lock
  private final long[] recentFailures = new long[Math.ceilDiv(RECENT, 64)];
  private int next;
  private int samples;
  private int failedSamples;
  private long started;
  private long successes;
  private long failures;
  private int consecutiveFailures;
  private double meanNanos;
  private double peakNanos;
  private long peakAt;

  EndpointStats(Time time) {
    this.time = time;
    this.peakAt = time.coarseNanos();
  }

  /**
   * An endpoint's record at one moment.
   *
   * @param inFlight attempts running now
   * @param started attempts begun since the start
   * @param successes attempts that worked since the start
   * @param failures attempts that failed by the endpoint's own or an unknown fault since the start
   * @param consecutiveFailures such failures since its last success
   * @param samples attempts that the success rate covers, 0 to 100
   * @param successRate share of successes among those, 0 to 1; 1 if there are none
   * @param meanNanos moving average of how long a success took, or was waited for at least until
   *     another endpoint had answered; 0 if there was none
   * @param peakNanos the same, but it jumps to every worse value at once and decays in about 10 s;
   *     failures count as a multiple
   */
  public record Snapshot(
      int inFlight,
      long started,
      long successes,
      long failures,
      int consecutiveFailures,
      int samples,
      double successRate,
      double meanNanos,
      double peakNanos) {}

  /** The record now. */
  public Snapshot snapshot() {
    lock.lock();
    try {
      return new Snapshot(
          inFlight.get(),
          started,
          successes,
          failures,
          consecutiveFailures,
          samples,
          samples == 0 ? 1 : 1 - (double) failedSamples / samples,
          meanNanos,
          decayedPeak(time.coarseNanos()));
    } finally {
      lock.unlock();
    }
  }

  /** Attempts running now. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Counts an attempt in, unless {@code limit} are running already. */
  boolean tryStart(int limit) {
    if (inFlight.incrementAndGet() > limit) {
      inFlight.decrementAndGet();
      return false;
    }
    countStart();
    return true;
  }

  /** Counts an attempt in that has begun without asking. */
  void start() {
    inFlight.incrementAndGet();
    countStart();
  }

  private void countStart() {
    lock.lock();
    try {
      started++;
    } finally {
      lock.unlock();
    }
  }

  /** Counts an attempt out. */
  void settle(Verdict verdict, long tookNanos) {
    inFlight.decrementAndGet();
    switch (verdict.kind()) {
      case SUCCESS -> record(true, tookNanos);
      case RETRY, THROTTLED, PERMANENT -> {
        if (verdict.blame() == Blame.ENDPOINT || verdict.blame() == Blame.UNKNOWN) {
          record(false, tookNanos);
        }
      }
      case IGNORED, CANCELLED -> {
        // counts neither way
      }
    }
  }

  /** Counts an attempt out that took at least so long, and was not waited for any longer. */
  void overtaken(long tookNanos) {
    inFlight.decrementAndGet();
    lock.lock();
    try {
      if (tookNanos > meanNanos) {
        average(tookNanos);
      }
      if (tookNanos > decayedPeak(time.coarseNanos())) {
        peak((double) tookNanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private void average(long tookNanos) {
    meanNanos = meanNanos == 0 ? tookNanos : meanNanos + MEAN_WEIGHT * (tookNanos - meanNanos);
  }

  /** Forgets the recent past, so that an endpoint that has recovered is judged afresh. */
  void forget() {
    lock.lock();
    try {
      samples = 0;
      failedSamples = 0;
      next = 0;
      recentFailures[0] = 0;
      recentFailures[1] = 0;
      consecutiveFailures = 0;
      meanNanos = 0;
      peakNanos = 0;
    } finally {
      lock.unlock();
    }
  }

  private void record(boolean good, long tookNanos) {
    lock.lock();
    try {
      push(!good);
      if (good) {
        successes++;
        consecutiveFailures = 0;
        average(tookNanos);
        peak((double) tookNanos);
      } else {
        failures++;
        consecutiveFailures++;
        // a failure that comes fast must not look like a fast endpoint
        peak(Math.max((double) tookNanos, Math.max(LEAST_PENALTY_NANOS, 4 * peakNanos)));
      }
    } finally {
      lock.unlock();
    }
  }

  private void push(boolean failed) {
    int word = next >>> 6;
    long bit = 1L << next;
    if (samples == RECENT) {
      failedSamples -= (recentFailures[word] & bit) != 0 ? 1 : 0;
    } else {
      samples++;
    }
    recentFailures[word] = failed ? recentFailures[word] | bit : recentFailures[word] & ~bit;
    failedSamples += failed ? 1 : 0;
    next = (next + 1) % RECENT;
  }

  private void peak(double nanos) {
    long now = time.coarseNanos();
    double decayed = decayedPeak(now);
    double limited = Math.min(nanos, 60.0 * PEAK_DECAY_NANOS);
    double keep = Math.exp((double) (peakAt - now) / PEAK_DECAY_NANOS);
    peakNanos = limited > decayed ? limited : decayed * keep + limited * (1 - keep);
    peakAt = now;
  }

  private double decayedPeak(long now) {
    return peakNanos * Math.exp((double) (peakAt - now) / PEAK_DECAY_NANOS);
  }
}
