package dev.belay.llm.budget;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Deadline;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.Shortage.What;
import dev.belay.llm.check.SharedBudget;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one call may use. One object goes through retries, corrections, fallbacks and the judges
 * that are asked in between, so that none of them has a purse of its own. What a request may cost
 * is set aside before it is sent, and put right when its answer is there: what cannot fit is
 * refused up front. Safe for any number of threads.
 */
public final class CallBudget implements SharedBudget {
  private final BudgetLimits limits;
  private final Deadline deadline;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private Spent spent = Spent.NOTHING;

  @GuardedBy("lock")
  private long tokensAside;

  @GuardedBy("lock")
  private double dollarsAside;

  /** Nothing used yet. */
  public CallBudget(BudgetLimits limits, Deadline deadline) {
    this.limits = requireNonNull(limits, "limits");
    this.deadline = requireNonNull(deadline, "deadline");
  }

  /** When nobody waits for the answer any more. */
  public Deadline deadline() {
    return deadline;
  }

  /** The most that may be used. */
  public BudgetLimits limits() {
    return limits;
  }

  /** What was used so far; what is set aside for requests under way is not in it. */
  public Spent spent() {
    lock.lock();
    try {
      return spent;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what one request needs. If it is there, {@link #settle} must follow, whatever becomes of
   * the request.
   *
   * @param retry whether it repeats one that failed
   * @return what is missing; empty if the request may be sent
   */
  public Optional<Shortage> take(boolean retry, Estimate need) {
    lock.lock();
    try {
      Optional<Shortage> missing = missing(retry, need);
      if (missing.isEmpty()) {
        spent = spent.withAttempt(retry);
        tokensAside += need.tokens();
        dollarsAside += need.dollars();
      }
      return missing;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Optional<Shortage> missing(boolean retry, Estimate need) {
    Optional<Shortage> used = used();
    if (used.isPresent()) {
      return used;
    }
    if (retry && spent.retries() >= limits.retries()) {
      return shortage(What.RETRIES, "all %d retries are used", limits.retries());
    }
    long tokens = spent.usage().total() + tokensAside + need.tokens();
    if (limits.tokens() > 0 && tokens > limits.tokens()) {
      return shortage(
          What.TOKENS,
          "a request of about %d tokens does not fit: %d of %d are used",
          need.tokens(),
          tokens - need.tokens(),
          limits.tokens());
    }
    double dollars = spent.dollars() + dollarsAside + need.dollars();
    if (limits.dollars() > 0 && dollars > limits.dollars()) {
      return shortage(
          What.DOLLARS,
          "a request of about $%.4f does not fit: $%.4f of $%.4f are used",
          need.dollars(),
          dollars - need.dollars(),
          limits.dollars());
    }
    return Optional.empty();
  }

  /** What is used up already, whatever comes next. */
  @GuardedBy("lock")
  private Optional<Shortage> used() {
    if (deadline.passed()) {
      return shortage(What.DEADLINE, "the deadline of the call has passed");
    }
    if (spent.attempts() >= limits.attempts()) {
      return shortage(What.ATTEMPTS, "all %d attempts are used", limits.attempts());
    }
    if (limits.tokens() > 0 && spent.usage().total() + tokensAside >= limits.tokens()) {
      return shortage(What.TOKENS, "all %d tokens are used", limits.tokens());
    }
    if (limits.dollars() > 0 && spent.dollars() + dollarsAside >= limits.dollars()) {
      return shortage(What.DOLLARS, "all $%.4f are used", limits.dollars());
    }
    return Optional.empty();
  }

  /** Takes one correction; what is missing, or empty if the model may be asked again. */
  public Optional<Shortage> correct() {
    lock.lock();
    try {
      if (spent.corrections() >= limits.corrections()) {
        return shortage(What.CORRECTIONS, "all %d corrections are used", limits.corrections());
      }
      spent = spent.withCorrection();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts right what {@link #take} set aside.
   *
   * @param aside the same estimate
   * @param usage what the provider counted; {@link Usage#NONE} if there was no answer
   * @param dollars what that cost
   */
  public void settle(Estimate aside, Usage usage, double dollars) {
    lock.lock();
    try {
      tokensAside = Math.max(0, tokensAside - aside.tokens());
      dollarsAside = Math.max(0, dollarsAside - aside.dollars());
      spent = spent.plus(usage, dollars);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<String> exhausted() {
    lock.lock();
    try {
      return used().map(Shortage::why);
    } finally {
      lock.unlock();
    }
  }

  private static Optional<Shortage> shortage(What what, String why, Object... values) {
    return Optional.of(new Shortage(what, why.formatted(values)));
  }
}
