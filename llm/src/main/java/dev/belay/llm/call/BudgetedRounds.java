package dev.belay.llm.call;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.CallBudget;
import dev.belay.llm.budget.Estimate;
import dev.belay.llm.budget.Shortage;
import dev.belay.llm.provider.Prices;
import dev.belay.llm.transport.Rounds;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;

/** Takes what further rounds of an attempt need from the call's budget. */
final class BudgetedRounds implements Rounds {
  private final CallBudget budget;
  private final Prices prices;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private Estimate aside;

  @GuardedBy("lock")
  private Usage usage = Usage.NONE;

  @GuardedBy("lock")
  private boolean over;

  /**
   * No further round yet.
   *
   * @param first what was taken for the first one
   */
  BudgetedRounds(CallBudget budget, Estimate first, Prices prices) {
    this.budget = budget;
    this.aside = first;
    this.prices = prices;
  }

  @Override
  public void next(LlmRequest next, Usage soFar) {
    Estimate need = Estimate.of(next, prices);
    lock.lock();
    try {
      if (over) {
        throw new CancellationException("the attempt is over");
      }
      usage = soFar;
      Optional<Shortage> missing = budget.take(false, need);
      if (missing.isPresent()) {
        throw Judging.tooDear(missing.get());
      }
      aside = new Estimate(aside.tokens() + need.tokens(), aside.dollars() + need.dollars());
    } finally {
      lock.unlock();
    }
  }

  /** All that is set aside; no further round comes after that. */
  Estimate close() {
    lock.lock();
    try {
      over = true;
      return aside;
    } finally {
      lock.unlock();
    }
  }

  /** What the rounds so far have cost, if there was no last one. */
  Usage usage() {
    lock.lock();
    try {
      return usage;
    } finally {
      lock.unlock();
    }
  }
}
