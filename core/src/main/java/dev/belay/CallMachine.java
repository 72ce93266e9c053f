package dev.belay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Decides what a call does next: go where, wait how long, stop why. Does no I/O, never waits and
 * reads no clock: times and verdicts come in, steps go out. A driver carries the steps out; all
 * drivers run this machine. For one thread at a time.
 *
 * <p>Order: deadline ⊃ budget ⊃ retry and failover ⊃ breaker ⊃ attempt timeout ⊃ operation.
 *
 * @param <E> the kind of endpoint
 */
public final class CallMachine<E extends Endpoint> {
  /** A breaker whose time is nearly over is worth these few milliseconds. */
  private static final long GRACE_NANOS = 5_000_000;

  /** Nobody knows when a probe comes back or a place becomes free: asked again less and less. */
  private static final long LEAST_OPEN_WAIT_NANOS = 1_000_000;

  private static final int MOST_DOUBLINGS = 7;

  private final Rules<E> rules;
  private final Call call;
  private final RetryPolicy policy;
  private final CallObserver observer;
  private final long startNanos;
  private final long budgetNanos;
  private final List<E> tried = new ArrayList<>(2);
  private final List<CallReport.Try> tries = new ArrayList<>(2);
  private final Holds<E> holds;
  private int attempts;
  private int running;
  private int graces;
  private int openWaits;
  private long openWaitedNanos;
  private long waitedNanos;
  private long lastBackoffNanos;
  private String lastPace = "";

  /** How long the attempt took that succeeded; -1 before. */
  private long successNanos = -1;

  /** Whether a token was taken for an attempt that has not begun. */
  private boolean paid;

  private boolean over;

  /**
   * What all calls of one {@link Belay} share.
   *
   * @param pool where attempts may go
   * @param policy what holds for calls that bring none of their own
   * @param budget bounds retries and hedges
   * @param observer is told what happens
   * @param random where jitter comes from
   * @param time for the deadlines handed to attempts
   */
  public record Rules<E extends Endpoint>(
      Pool<E> pool,
      RetryPolicy policy,
      RetryBudget budget,
      CallObserver observer,
      RandomGenerator random,
      Time time) {}

  /**
   * A call that begins now.
   *
   * @param now the time, on the clock of {@link Time#nanos}
   */
  public CallMachine(Rules<E> rules, Call call, long now) {
    this.rules = requireNonNull(rules, "rules");
    this.call = requireNonNull(call, "call");
    this.policy = call.policyOr(rules.policy());
    this.observer = CalmObserver.begun(rules.observer(), call, policy.name());
    this.startNanos = now;
    this.holds = new Holds<>(now);
    this.budgetNanos = Math.min(Nanos.of(policy.timeout()), call.deadline().leftNanos(now));
  }

  /** The first step: an attempt, or a stop if no endpoint takes it. */
  public Step<E> begin(long now) {
    rules.budget().deposit();
    return next(now);
  }

  /** The step after a pause. */
  public Step<E> next(long now) {
    if (leftNanos(now) <= 0) {
      return stop(StopReason.DEADLINE, 0, now);
    }
    Pool.Chosen<E> chosen = rules.pool().choose(call, tried, holds.held(now));
    if (chosen != null) {
      return attempt(chosen, now, false);
    }
    long held = holds.leftAmong(rules.pool().endpoints(), now);
    return held > 0 ? waitForHint(held, now) : refused(now);
  }

  /** Takes over a first attempt that was begun without a machine. */
  Attempt<E> adopt(E endpoint, Permit permit) {
    endpoint.stats().start();
    return attempt(new Pool.Chosen<>(endpoint, permit), startNanos, false);
  }

  /**
   * The step after an attempt.
   *
   * @param verdict what was made of its outcome
   */
  public Step<E> after(Attempt<E> attempt, Verdict verdict, long now) {
    settle(attempt, verdict, now);
    if (over) {
      return new Step.Await<>();
    }
    return switch (verdict.kind()) {
      case SUCCESS -> stop(StopReason.SUCCESS, 0, now);
      case PERMANENT -> stop(StopReason.PERMANENT, 0, now);
      case IGNORED -> stop(StopReason.IGNORED, 0, now);
      case CANCELLED -> stop(StopReason.CANCELLED, 0, now);
      case RETRY, THROTTLED -> {
        mind(attempt.endpoint(), verdict, now);
        // another attempt decides what comes next; if that is a retry, it minds this hint as well
        yield running > 0 ? new Step.Await<>() : retry(verdict, now);
      }
    };
  }

  private void mind(E endpoint, Verdict verdict, long now) {
    if (!verdict.hint().isPresent()) {
      return;
    }
    if (bindsOnlyHere(verdict)) {
      holds.at(endpoint, verdict.hint(), now);
    } else {
      holds.everywhere(verdict.hint(), now);
    }
  }

  /** All that could be asked were tried and want to be left alone for a while. */
  private Step<E> waitForHint(long nanos, long now) {
    if (nanos > Nanos.of(policy.maxHintWait())) {
      return stop(StopReason.HINT_TOO_LONG, nanos, now);
    }
    return nanos >= leftNanos(now) ? stop(StopReason.DEADLINE, nanos, now) : pause(nanos, "hint");
  }

  private Step<E> retry(Verdict verdict, long now) {
    long hint = Math.max(holds.leftEverywhere(now), Nanos.of(verdict.hint().after()));
    if (!policy.retryClasses().contains(verdict.errorClass())) {
      return stop(StopReason.PERMANENT, hint, now);
    }
    if (!isRepeatable() && !verdict.isBeforeSending()) {
      return stop(StopReason.NOT_REPEATABLE, hint, now);
    }
    Pace pace = verdict.pace();
    if (attempts >= policy.maxAttempts() || (isOwn(pace) && failuresAt(pace) >= pace.attempts())) {
      return stop(StopReason.ATTEMPTS_EXHAUSTED, hint, now);
    }
    boolean elsewhere =
        (bindsOnlyHere(verdict) || isHasty(verdict)) && rules.pool().hasFresh(tried);
    long least =
        Math.max(holds.leftEverywhere(now), holds.leftAmong(rules.pool().endpoints(), now));
    if (least > Nanos.of(policy.maxHintWait())) {
      return stop(StopReason.HINT_TOO_LONG, least, now);
    }
    long wait = Math.max(least, elsewhere ? failoverWait(verdict) : backoff(pace));
    if (wait >= leftNanos(now)) {
      return stop(StopReason.DEADLINE, wait, now);
    }
    if (!rules.budget().withdraw()) {
      return stop(StopReason.BUDGET_EXHAUSTED, wait, now);
    }
    paid = true;
    return wait == 0 ? next(now) : pause(wait, verdict.errorClass().name());
  }

  /** Another endpoint has its own faults, and its own allowance for this caller. */
  private static boolean bindsOnlyHere(Verdict verdict) {
    boolean overAllowance =
        verdict.kind() == Verdict.Kind.THROTTLED && verdict.blame() == Blame.CALLER;
    return overAllowance || verdict.blame() == Blame.ENDPOINT;
  }

  /** Nobody knows whose fault it was, or how long it lasts: the next endpoint may do better. */
  private boolean isHasty(Verdict verdict) {
    boolean free = verdict.hint().after().isZero() && !isOwn(verdict.pace());
    return policy.immediateFailover() && verdict.blame() == Blame.UNKNOWN && free;
  }

  /** A hint binds the endpoint that gave it, not the one that comes next. */
  private long failoverWait(Verdict verdict) {
    boolean atOnce = policy.immediateFailover() || verdict.errorClass() == ErrorClass.AUTH;
    return atOnce ? 0 : backoff(verdict.pace());
  }

  private long backoff(Pace pace) {
    boolean own = isOwn(pace);
    int failure = Math.max(0, (own ? failuresAt(pace) : tries.size()) - 1);
    long previous = pace.name().equals(lastPace) ? lastBackoffNanos : 0;
    Backoff backoff = own ? pace.backoff() : policy.backoff();
    lastPace = pace.name();
    lastBackoffNanos = backoff.draw(failure, previous, rules.random());
    return lastBackoffNanos;
  }

  private static boolean isOwn(Pace pace) {
    return !pace.name().isEmpty();
  }

  private int failuresAt(Pace pace) {
    int count = 0;
    for (CallReport.Try one : tries) {
      count += one.verdict().pace().name().equals(pace.name()) ? 1 : 0;
    }
    return count;
  }

  private boolean isRepeatable() {
    return call.isIdempotent() || policy.retryNonIdempotent();
  }

  /** No endpoint is free: wait for one if that is soon enough. */
  private Step<E> refused(long now) {
    long until = rules.pool().untilTestNanos();
    long patience = Nanos.of(policy.maxOpenWait());
    boolean graced = until <= GRACE_NANOS && attempts > 0 && graces++ < 3;
    long least = LEAST_OPEN_WAIT_NANOS << Math.min(openWaits++, MOST_DOUBLINGS);
    long wait = Math.max(until, least);
    boolean patient = wait <= patience - openWaitedNanos;
    if ((graced || patient) && wait < leftNanos(now)) {
      openWaitedNanos += wait;
      return pause(wait, "open breakers");
    }
    return stop(StopReason.REFUSED, until, now);
  }

  /**
   * How long the latest attempt may run alone before {@link #hedge} is worth asking, in
   * nanoseconds; -1 if it is not.
   */
  public long hedgeDelay() {
    Hedge hedge = policy.hedge();
    boolean may =
        !over && running <= hedge.extra() && hedge.isOn() && attempts < policy.maxAttempts();
    if (!may || !call.isIdempotent()) { // what may be repeated once it failed need not do it twice
      return -1;
    }
    long least = Nanos.of(hedge.delay());
    return hedge.percentile() == 0
        ? least
        : Math.max(
            least, rules.pool().latencies().percentile(call.target(), hedge.percentile(), least));
  }

  /**
   * One more attempt beside those that are running, or {@link Step.Await} if there is to be none.
   */
  public Step<E> hedge(long now) {
    if (hedgeDelay() < 0 || running == 0 || leftNanos(now) <= 0 || holds.leftEverywhere(now) > 0) {
      return new Step.Await<>();
    }
    if (!rules.budget().withdraw()) {
      return new Step.Await<>();
    }
    Pool.Chosen<E> chosen = rules.pool().choose(call, tried, holds.held(now));
    if (chosen == null) {
      rules.budget().giveBack();
      return new Step.Await<>();
    }
    return attempt(chosen, now, true);
  }

  /**
   * Counts out an attempt that another one made needless, or that the caller gave up. One that was
   * overtaken by far tells at least that it is slow: else an endpoint that hangs would never be
   * found out where calls are hedged.
   */
  public void abandon(Attempt<E> attempt, long now) {
    settle(attempt, Verdict.CANCELLED, now);
  }

  private boolean isOvertaken(Verdict verdict, long took) {
    return verdict.kind() == Verdict.Kind.CANCELLED && successNanos >= 0 && took > 2 * successNanos;
  }

  /**
   * Counts out an attempt as if it had not been made: it only found out that its endpoint takes no
   * work now. Neither the endpoint nor the call counts it; {@link #next} goes on.
   */
  public void takeBack(Attempt<E> attempt, long now) {
    running--;
    attempts--;
    paid = attempts > 0;
    tried.remove(tried.lastIndexOf(attempt.endpoint()));
    long took = Math.max(0, now - attempt.startedNanos());
    attempt.endpoint().settle(attempt.permit(), Verdict.IGNORED, took);
    observer.attempted(call, policy.name(), attempt, Verdict.IGNORED, took);
  }

  /** Ends the call because the caller gave up. */
  public Step<E> cancel(long now) {
    return stop(StopReason.CANCELLED, 0, now);
  }

  private Attempt<E> attempt(Pool.Chosen<E> chosen, long now, boolean hedge) {
    attempts++;
    running++;
    paid = false;
    tried.add(chosen.endpoint());
    long limit = Math.min(Nanos.of(policy.attemptTimeout()), leftNanos(now));
    long waited = waitedNanos;
    waitedNanos = 0;
    Attempt<E> attempt =
        new Attempt<>(
            chosen.endpoint(), chosen.permit(), attempts, now, waited, limit, hedge, rules.time());
    observer.attempting(call, policy.name(), attempt);
    return attempt;
  }

  private void settle(Attempt<E> attempt, Verdict verdict, long now) {
    running--;
    long took = Math.max(0, now - attempt.startedNanos());
    if (isOvertaken(verdict, took)) {
      attempt.endpoint().overtaken(attempt.permit(), took);
    } else {
      attempt.endpoint().settle(attempt.permit(), verdict, took);
    }
    learn(attempt, verdict, took);
    tries.add(
        new CallReport.Try(
            attempt.number(),
            attempt.endpoint().name(),
            attempt.isHedge(),
            attempt.waited(),
            Nanos.duration(took),
            verdict));
    observer.attempted(call, policy.name(), attempt, verdict, took);
  }

  /**
   * What hedges wait for follows from how long attempts take. One that was hedged and lost counts
   * with the time it was given, which is beyond the percentile whatever it would have been: without
   * the slow ones the percentile would sink, and more and more be hedged.
   */
  private void learn(Attempt<E> attempt, Verdict verdict, long took) {
    if (verdict.kind() == Verdict.Kind.SUCCESS) {
      successNanos = took;
      rules.pool().latencies().add(call.target(), took);
    } else if (successNanos >= 0 && !attempt.isHedge()) {
      rules.pool().latencies().add(call.target(), took);
    }
  }

  private Step<E> pause(long nanos, String why) {
    waitedNanos += nanos;
    Step.Pause<E> pause = new Step.Pause<>(nanos, why);
    observer.paused(call, policy.name(), pause);
    return pause;
  }

  private Step<E> stop(StopReason reason, long retryAfterNanos, long now) {
    over = true;
    if (paid) {
      rules.budget().giveBack();
    }
    Duration retryAfter = Nanos.duration(retryAfterNanos);
    Duration took = Nanos.duration(now - startNanos);
    CallReport report =
        new CallReport(policy.name(), call.target(), tries, reason, took, retryAfter);
    observer.finished(call, report);
    return new Step.Stop<>(reason, retryAfter, report);
  }

  private long leftNanos(long now) {
    return budgetNanos == Nanos.FOREVER
        ? Nanos.FOREVER
        : Math.max(0, budgetNanos - (now - startNanos));
  }
}
