package dev.belay.chaos.propose;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.chaos.space.OutsideSpace;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.SpaceException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks a proposer for the next trial, and remembers what came of each. Several trials may be under
 * way at once. Its proposals depend on space, seed, and the order of what it was asked and told, on
 * nothing else. Safe for any number of threads.
 */
public final class Optimizer {
  private final ReentrantLock lock = new ReentrantLock();
  private final SearchSpace space;
  private final Proposer proposer;
  private final long seed;

  @GuardedBy("lock")
  private final List<Tried> history = new ArrayList<>();

  @GuardedBy("lock")
  private final Deque<Point> first = new ArrayDeque<>();

  /** One that has seen nothing yet. */
  public Optimizer(SearchSpace space, Proposer proposer, long seed) {
    this.space = space;
    this.proposer = proposer;
    this.seed = seed;
  }

  /**
   * Points to propose before any others, in this order.
   *
   * @throws ProposalException if one is none of the space
   */
  public void start(List<Point> points) {
    points.forEach(this::check);
    lock.lock();
    try {
      first.addAll(points);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next trial, which is under way from now on.
   *
   * @throws ProposalException if nothing can be proposed
   */
  public Proposal ask() {
    lock.lock();
    try {
      Proposal proposal =
          first.isEmpty()
              ? proposer.propose(space, List.copyOf(history), seed)
              : new Proposal(first.remove(), "start");
      history.add(new Tried(proposal.point(), new Outcome.Pending(), proposal.arm(), 1));
      return proposal;
    } catch (SpaceException impossible) {
      throw new ProposalException("cannot propose: " + impossible.getMessage(), impossible);
    } finally {
      lock.unlock();
    }
  }

  /** The next trials, so many. */
  public List<Proposal> ask(int count) {
    List<Proposal> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(ask());
    }
    return batch;
  }

  /**
   * What came of a trial, asked for or not.
   *
   * @throws ProposalException if the point is none of the space
   */
  public void tell(Point point, double score) {
    record(point, new Outcome.Scored(score), 1);
  }

  /**
   * What is known from an earlier version.
   *
   * @param weight above 0, at most 1
   * @throws ProposalException if the point is none of the space
   */
  public void tell(Point point, double score, double weight) {
    record(point, new Outcome.Scored(score), weight);
  }

  /**
   * A trial that could not be made: its score stays unknown.
   *
   * @throws ProposalException if the point is none of the space
   */
  public void fail(Point point) {
    record(point, new Outcome.Invalid(), 1);
  }

  /** Takes a trial back that is under way and will not be told. */
  public void forget(Point point) {
    lock.lock();
    try {
      pending(point).ifPresent(index -> history.remove(index.intValue()));
    } finally {
      lock.unlock();
    }
  }

  private void record(Point point, Outcome outcome, double weight) {
    check(point);
    lock.lock();
    try {
      Optional<Integer> pending = pending(point);
      String arm = pending.map(index -> history.remove(index.intValue()).arm()).orElse("");
      history.add(new Tried(point, outcome, arm, weight));
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Optional<Integer> pending(Point point) {
    for (int i = 0; i < history.size(); i++) {
      Tried tried = history.get(i);
      if (tried.outcome() instanceof Outcome.Pending && tried.point().equals(point)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private void check(Point point) {
    try {
      space.check(point);
    } catch (OutsideSpace outside) {
      throw new ProposalException("%s: %s".formatted(point, outside.getMessage()), outside);
    }
  }

  /** All trials: those with an outcome in the order they were told, those under way where asked. */
  public List<Tried> history() {
    lock.lock();
    try {
      return List.copyOf(history);
    } finally {
      lock.unlock();
    }
  }

  /** The trial with the highest score, the first of equals; none before the first score. */
  public Optional<Tried> best() {
    Optional<Tried> best = Optional.empty();
    double most = Double.NEGATIVE_INFINITY;
    for (Tried tried : history()) {
      if (tried.outcome() instanceof Outcome.Scored scored && scored.score() > most) {
        most = scored.score();
        best = Optional.of(tried);
      }
    }
    return best;
  }
}
