package dev.belay.llm.delay;

/**
 * When the next caller may pass: not while the gate is closed, then one by one, ever faster. For
 * one thread at a time; all times in nanoseconds on the clock of {@link dev.belay.Time#nanos}.
 */
final class GateRhythm {
  private static final long UNPACED = 1_000_000;
  private static final long LONGEST_GAP = 60_000_000_000L;
  private static final int MOST_STRIKES = 6;

  private final GateRules rules;
  private boolean recovering;
  private long openAt;
  private long nextAt;
  private double gap;
  private double learnedGap;
  private int strikes;
  private int passed;
  private boolean slow;

  GateRhythm(GateRules rules) {
    this.rules = rules;
  }

  /** Whether anybody may pass at any time. */
  boolean isFree(long now) {
    boolean calm = now - openAt >= rules.calm().toNanos();
    if (recovering && (calm || (gap <= UNPACED && now - nextAt >= 0))) {
      recovering = false;
      slow = false;
      strikes = 0;
    }
    return !recovering;
  }

  /** How long until the next may pass; 0 for now. */
  long untilNext(long now) {
    return isFree(now) ? 0 : Math.max(0, Math.max(openAt - now, nextAt - now));
  }

  long untilOpen(long now) {
    return recovering ? Math.max(0, openAt - now) : 0;
  }

  /** A good guess, rather too long. */
  double untilTurn(int ahead, long now) {
    return recovering ? untilNext(now) + ahead * gap : 0;
  }

  double gap() {
    return recovering ? gap : 0;
  }

  /** Stays closed until then, if it is not anyway; whether that is news. */
  boolean close(long until, long now) {
    boolean open = isFree(now) || openAt - now <= 0;
    if (!open && until - openAt <= 0) {
      return false;
    }
    if (open) {
      strikes = recovering ? Math.min(MOST_STRIKES, strikes + 1) : 0;
      double first = rules.firstGap().toNanos() * Math.pow(2, strikes) * (slow ? 4 : 1);
      gap = Math.min(LONGEST_GAP, Math.max(first, learnedGap));
      passed = 0;
    }
    recovering = true;
    openAt = until;
    nextAt = until;
    return true;
  }

  /** Somebody passes. */
  void pass(long now) {
    if (!recovering) {
      return;
    }
    nextAt = Math.max(now, nextAt) + (long) gap;
    if (++passed % rules.rampEvery() == 0) {
      gap = Math.max(learnedGap, gap * (slow ? 0.9 : 0.8));
    }
  }

  /** The provider lets so much time pass between two requests. */
  void learn(double nanos) {
    learnedGap = Math.min(LONGEST_GAP, nanos);
  }

  /** The provider asks to speed up less quickly. */
  void slowDown(long now) {
    isFree(now); // forget what was before, but not this
    slow = true;
    gap = Math.min(LONGEST_GAP, gap * 2);
  }

  void open(long now) {
    recovering = false;
    openAt = now - rules.calm().toNanos();
    strikes = 0;
    slow = false;
  }
}
