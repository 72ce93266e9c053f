package dev.belay;

/**
 * Leave to make one attempt, given by a {@link CircuitBreaker}. It belongs to the state of the
 * breaker that gave it: a result that comes late, in another state, counts for nothing. Settle each
 * permit exactly once, on every path; to settle one that was refused does nothing. Safe for any
 * number of threads.
 */
public abstract sealed class Permit
    permits Generation, HalfOpenGeneration.Lease, FullPermit, FreePermit {
  Permit() {}

  // the reports do nothing here: what refuses, or is held, overrides none of them

  /** Whether the attempt may be made. */
  public abstract boolean isGranted();

  /** Why not, for a permit that is not granted. */
  abstract CallRefused refusal();

  /**
   * It worked.
   *
   * @param tookNanos how long it took; 0 if nobody asks about slow calls
   */
  public void success(long tookNanos) {
    // nothing was let out
  }

  /**
   * It failed.
   *
   * @param blame {@link Blame#ENDPOINT} counts in full, {@link Blame#UNKNOWN} as half, {@link
   *     Blame#TARGET} as a success of the endpoint, {@link Blame#CALLER} not at all
   * @param hint the server's word on when to come back: sets the open time, if this failure opens
   * @param tookNanos how long it took; 0 if nobody asks about slow calls
   */
  public final void failure(Blame blame, Hint hint, long tookNanos) {
    switch (blame) {
      case ENDPOINT -> failed(true, hint, tookNanos);
      case UNKNOWN -> failed(false, hint, tookNanos);
      case TARGET -> success(tookNanos);
      case CALLER -> release();
    }
  }

  /** The server asked to be left alone for a while: opens at once, for as long as the hint says. */
  public void throttled(Hint hint) {
    // nothing was let out
  }

  /** It counts neither way. */
  public void release() {
    // nothing was let out
  }

  /**
   * Another endpoint answered first, in less than half the time. What this one would have answered
   * is not known: it counts against it only where nothing better comes of several in a row, or of a
   * probe.
   */
  void overtaken(long tookNanos) {
    release();
  }

  void failed(boolean whole, Hint hint, long tookNanos) {
    // nothing was let out
  }

  /** Settles by what was made of the outcome. */
  public final void settle(Verdict verdict, long tookNanos) {
    switch (verdict.kind()) {
      case SUCCESS -> success(tookNanos);
      case IGNORED, CANCELLED -> release();
      case RETRY, PERMANENT -> failure(verdict.blame(), verdict.hint(), tookNanos);
      case THROTTLED -> {
        if (verdict.blame() == Blame.ENDPOINT && verdict.hint().isPresent()) {
          throttled(verdict.hint());
        } else {
          failure(verdict.blame(), verdict.hint(), tookNanos);
        }
      }
    }
  }
}
