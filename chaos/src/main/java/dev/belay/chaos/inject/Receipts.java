package dev.belay.chaos.inject;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The last 10,000 receipts of all data planes. Safe for any number of threads. */
public final class Receipts {
  private static final int MOST = 10_000;

  private final int most;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Deque<StrikeReceipt> last = new ArrayDeque<>();

  @GuardedBy("lock")
  private long count;

  /** None yet. */
  public Receipts() {
    this(MOST);
  }

  Receipts(int most) {
    this.most = most;
  }

  /** Takes some in. */
  public void add(Collection<StrikeReceipt> more) {
    lock.lock();
    try {
      for (StrikeReceipt receipt : more) {
        if (last.size() == most) {
          last.removeFirst();
        }
        last.addLast(receipt);
        count++;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Those of a policy, in the order in which they came in; of all policies for an empty name. */
  public List<StrikeReceipt> of(String policy) {
    lock.lock();
    try {
      return last.stream()
          .filter(receipt -> policy.isEmpty() || receipt.policy().equals(policy))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** How many ever came in. */
  public long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }
}
