package dev.belay;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls that hold: retry, failover, breaker, budget, deadline and hedging in one. Safe for
 * any number of threads; keep one for each thing you call.
 *
 * <p>Order, from the outside in: deadline ⊃ budget ⊃ retry and failover ⊃ breaker ⊃ attempt timeout
 * ⊃ operation.
 *
 * @param <E> the kind of endpoint
 */
public final class Belay<E extends Endpoint> {
  static final Executor VIRTUAL_THREADS = task -> Thread.ofVirtual().name("belay-call").start(task);

  private final CallMachine.Rules<E> rules;
  private final Classifier classifier;
  private final Executor executor;
  private final Time time;

  // what the short way needs is kept here as well: each reference less to follow counts

  /** The only endpoint, if calls may take the short way through it; null otherwise. */
  private final @Nullable E only;

  /** Its breaker; null otherwise. */
  private final @Nullable CircuitBreaker breaker;

  private final RetryBudget budget;
  private final boolean waitsForOpen;

  private Belay(Builder<E> from) {
    time = from.time;
    classifier = from.classifier;
    executor = from.executor;
    rules =
        new CallMachine.Rules<>(
            from.pool, from.policy, from.budget, from.observer, from.random, from.time);
    boolean plain =
        from.single
            && from.observer.equals(CallObserver.NONE)
            && from.policy.attemptTimeout().equals(RetryPolicy.FOREVER)
            && from.policy.timeout().equals(RetryPolicy.FOREVER)
            && !from.policy.hedge().isOn()
            && from.pool.endpoints().getFirst().traits().maxConcurrent() == Integer.MAX_VALUE;
    only = plain ? from.pool.endpoints().getFirst() : null;
    breaker = only == null ? null : only.breaker();
    budget = from.budget;
    waitsForOpen = !from.policy.maxOpenWait().isZero();
  }

  /** Guards one thing with the default policies, on the machine's clock. */
  public static Belay<Endpoint> of(String name) {
    return guard(Endpoint.of(name)).build();
  }

  /** Guards one endpoint. */
  public static <E extends Endpoint> Builder<E> guard(E endpoint) {
    return new Builder<>(Pool.single(endpoint), true);
  }

  /** Fails over among the endpoints of a pool. */
  public static <E extends Endpoint> Builder<E> over(Pool<E> pool) {
    return new Builder<>(pool, false);
  }

  /** Where attempts go. */
  public Pool<E> pool() {
    return rules.pool();
  }

  /** What bounds retries and hedges. */
  public RetryBudget budget() {
    return rules.budget();
  }

  /** What holds for calls that bring no policy of their own. */
  public RetryPolicy policy() {
    return rules.policy();
  }

  /**
   * Makes a call with no wishes of its own.
   *
   * @return what the operation returned last, which is no success if the tries are used up
   * @throws CallRefused if no endpoint would take it
   * @throws CallFailed if the last attempt failed; the cause says how
   * @throws InterruptedException if the thread is interrupted; waits and attempts end at once
   */
  public <T extends @Nullable Object> T call(Callable<T> operation) throws InterruptedException {
    if (only == null || breaker == null) {
      return call(Call.DEFAULT, attempt -> operation.call());
    }
    budget.deposit();
    Permit permit = breaker.tryAcquire();
    if (!permit.isGranted()) {
      return refused(permit, operation);
    }
    boolean timesCalls = breaker.timesCalls();
    long start = timesCalls ? time.nanos() : time.coarseNanos();
    T value;
    try {
      value = operation.call();
    } catch (Throwable failure) {
      return afterFirst(only, permit, start, operation, Outcome.failureHere(failure, classifier));
    }
    if (!isSuccess(value)) {
      return afterFirst(only, permit, start, operation, Outcome.value(value, classifier));
    }
    permit.success(timesCalls ? time.nanos() - start : 0);
    return value;
  }

  private <T extends @Nullable Object> T refused(Permit permit, Callable<T> operation)
      throws InterruptedException {
    if (waitsForOpen) {
      return call(Call.DEFAULT, attempt -> operation.call());
    }
    throw permit.refusal();
  }

  /** A classifier that throws is asked once more on the long way, which settles the permit. */
  private boolean isSuccess(@Nullable Object value) {
    try {
      return classifier.value(value).kind() == Verdict.Kind.SUCCESS;
    } catch (Throwable fault) {
      return false;
    }
  }

  /** The first attempt was made on the short way; the machine takes over. */
  private <T extends @Nullable Object> T afterFirst(
      E endpoint, Permit permit, long start, Callable<T> operation, Outcome<T> outcome)
      throws InterruptedException {
    CallMachine<E> machine = new CallMachine<>(rules, Call.DEFAULT, start);
    BlockingDriver<E, T> driver =
        new BlockingDriver<>(machine, attempt -> operation.call(), classifier, time);
    return driver.drive(driver.after(machine.adopt(endpoint, permit), outcome));
  }

  /**
   * Makes a call. Attempts run on the caller's thread, or on virtual threads if the policy hedges,
   * which virtual time does not allow: nobody would move it on meanwhile.
   *
   * @param call the wishes that go with it
   * @return what the operation returned last, which is no success if the tries are used up
   * @throws CallRefused if no endpoint would take it
   * @throws CallFailed if the last attempt failed; the cause says how
   * @throws InterruptedException if the thread is interrupted; waits and attempts end at once
   */
  public <T extends @Nullable Object> T call(Call call, Operation<E, T> operation)
      throws InterruptedException {
    if (call.policyOr(rules.policy()).hedge().isOn()) {
      if (time instanceof VirtualTime) {
        throw new IllegalStateException(
            "a call that blocks cannot be hedged in virtual time: use callAsync, then run the time");
      }
      return await(callAsync(call, new OnThread<>(operation)));
    }
    long now = time.nanos();
    CallMachine<E> machine = new CallMachine<>(rules, call, now);
    return new BlockingDriver<>(machine, operation, classifier, time).drive(machine.begin(now));
  }

  private static <T extends @Nullable Object> T await(CompletableFuture<T> future)
      throws InterruptedException {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      future.cancel(true);
      throw interrupted;
    } catch (CancellationException gaveUp) { // an attempt ended as one that is interrupted
      InterruptedException interrupted = new InterruptedException("the operation gave up");
      interrupted.initCause(gaveUp);
      throw interrupted;
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException("an unforeseen failure", failed);
      }
    }
  }

  /** Makes an asynchronous call with no wishes of its own. */
  public <T extends @Nullable Object> CompletableFuture<T> callAsync(
      Supplier<? extends CompletionStage<T>> operation) {
    return callAsync(Call.DEFAULT, attempt -> operation.get());
  }

  /**
   * Makes an asynchronous call. The first attempt begins on the caller's thread, later ones on the
   * executor.
   *
   * @return completes as {@link #call(Call, Operation)} would return or throw; cancelling it ends
   *     waits and attempts at once
   */
  public <T extends @Nullable Object> CompletableFuture<T> callAsync(
      Call call, AsyncOperation<E, T> operation) {
    return callAsync(call, operation, executor);
  }

  /** The same on another executor: an event loop, say. */
  public <T extends @Nullable Object> CompletableFuture<T> callAsync(
      Call call, AsyncOperation<E, T> operation, Executor executor) {
    CallMachine<E> machine = new CallMachine<>(rules, call, time.nanos());
    return new AsyncDriver<>(machine, operation, classifier, time, executor).start();
  }

  /**
   * Settings of a {@link Belay}; each starts at its default.
   *
   * @param <E> the kind of endpoint
   */
  public static final class Builder<E extends Endpoint> {
    private final Pool<E> pool;
    private final boolean single;
    private Time time = Time.system();
    private RetryPolicy policy = RetryPolicy.DEFAULT;
    private @Nullable RetryBudget budgetOrStandard;
    private RetryBudget budget = RetryBudget.unlimited();
    private Classifier classifier = Classifier.STANDARD;
    private CallObserver observer = CallObserver.NONE;
    private RandomGenerator random = SharedRandom.INSTANCE;
    private @Nullable Executor executorOrUsual;
    private Executor executor = VIRTUAL_THREADS;

    private Builder(Pool<E> pool, boolean single) {
      this.pool = requireNonNull(pool, "pool");
      this.single = single;
    }

    /** What calls do that bring no policy of their own; default {@link RetryPolicy#DEFAULT}. */
    public Builder<E> policy(RetryPolicy policy) {
      this.policy = requireNonNull(policy, "policy");
      return this;
    }

    /** What bounds retries and hedges; default {@link RetryBudget#standard}. */
    public Builder<E> budget(RetryBudget budget) {
      budgetOrStandard = requireNonNull(budget, "budget");
      return this;
    }

    /** What is made of outcomes; default {@link Classifier#STANDARD}. */
    public Builder<E> classifier(Classifier classifier) {
      this.classifier = requireNonNull(classifier, "classifier");
      return this;
    }

    /** Who is told; default nobody. */
    public Builder<E> observer(CallObserver observer) {
      this.observer = requireNonNull(observer, "observer");
      return this;
    }

    /** The clock; default the machine's. */
    public Builder<E> time(Time time) {
      this.time = requireNonNull(time, "time");
      return this;
    }

    /** Where jitter comes from; safe for any number of threads. */
    public Builder<E> random(RandomGenerator random) {
      this.random = requireNonNull(random, "random");
      return this;
    }

    /**
     * Where asynchronous calls go on after a wait. It must hand tasks over to other threads, except
     * in virtual time; a task that it rejects runs on a virtual thread. Default: a virtual thread
     * each, and in virtual time the one thread that moves it.
     */
    public Builder<E> executor(Executor executor) {
      executorOrUsual = requireNonNull(executor, "executor");
      return this;
    }

    /** Ready for calls. */
    public Belay<E> build() {
      budget = budgetOrStandard == null ? RetryBudget.standard(time) : budgetOrStandard;
      Executor usual = time instanceof VirtualTime ? Runnable::run : VIRTUAL_THREADS;
      executor = executorOrUsual == null ? usual : executorOrUsual;
      return new Belay<>(this);
    }
  }
}
