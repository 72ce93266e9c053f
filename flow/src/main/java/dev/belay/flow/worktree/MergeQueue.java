package dev.belay.flow.worktree;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Merges one at a time: of those that wait, the one that is first in the order of the plan, and
 * among equals the one that came first. One for each repository. Safe for any number of threads.
 */
public final class MergeQueue {

  /** Something to do in turn. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws WorktreeException, InterruptedException;
  }

  /** Somebody who waits. */
  private record Ticket(int order, long number) {}

  private final Worktrees worktrees;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  @GuardedBy("lock")
  private final PriorityQueue<Ticket> waiting =
      new PriorityQueue<>(Comparator.comparingInt(Ticket::order).thenComparingLong(Ticket::number));

  @GuardedBy("lock")
  private long handedOut;

  @GuardedBy("lock")
  private boolean busy;

  /** Nobody waits yet. */
  public MergeQueue(Worktrees worktrees) {
    this.worktrees = worktrees;
  }

  /**
   * Waits for its turn, and merges on the calling thread.
   *
   * @param order the place of the task in the plan; lower goes first
   * @throws InterruptedException if the thread was interrupted; others go on as if it had not come
   * @see Worktrees#merge
   */
  public MergeResult merge(int order, Worktree worktree, MergeStrategy strategy, Favour favour)
      throws WorktreeException, InterruptedException {
    return inTurn(order, () -> worktrees.merge(worktree, strategy, favour));
  }

  /** How many wait, without the one whose turn it is. */
  public int length() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  <T> T inTurn(int order, Work<T> work) throws WorktreeException, InterruptedException {
    enter(order);
    try {
      return work.run();
    } finally {
      leave();
    }
  }

  private void enter(int order) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Ticket ticket = new Ticket(order, handedOut++);
      waiting.add(ticket);
      try {
        while (busy || !ticket.equals(waiting.peek())) {
          moved.await();
        }
        busy = true;
      } finally {
        waiting.remove(ticket);
        moved.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      busy = false;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
