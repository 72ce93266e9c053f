package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.AsyncOperation;
import dev.belay.Belay;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.Classifier;
import dev.belay.Pool;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Verdict;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.ProviderException;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.Gate;
import dev.belay.llm.delay.GateKey;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transcript.CallRecord;
import dev.belay.llm.transcript.CallStart;
import dev.belay.llm.transcript.CallTerms;
import dev.belay.llm.transcript.CorrectionRules;
import dev.belay.llm.transcript.Recorder;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A name that stands for models in an order of preference, and the rules by which they are called.
 * Safe for any number of threads.
 */
public final class LlmRoute {
  private static final int SAVED_RETRIES = 100;
  private static final double RETRIES_PER_SECOND = 10;

  private final String name;
  private final Equipment equipment;
  private final Pool<LlmEndpoint> pool;
  private final Belay<LlmEndpoint> belay;
  private final Optional<RetryPolicy> own;
  private volatile Made made;

  /** The policies of calls that wait in the new way, and in the old one. */
  private record Made(DelaySettings from, RetryPolicy fresh, RetryPolicy old) {
    static Made of(String name, DelaySettings from, Optional<RetryPolicy> own) {
      RetryPolicy old = own.orElseGet(() -> from.applyTo(RetryPolicy.named(name)).build());
      return new Made(from, old.toBuilder().immediateFailover(true).build(), old);
    }
  }

  /** What a route is made of: the models in order, and the policy of its own if it has one. */
  record Plan(List<LlmEndpoint> endpoints, Optional<RetryPolicy> policy) {}

  LlmRoute(String name, Plan plan, Equipment equipment, CallObserver observer) {
    this.name = requireNonNull(name, "name");
    this.own = plan.policy;
    this.equipment = requireNonNull(equipment, "equipment");
    this.pool = Pool.of(name, new GateSelection(this::gate), plan.endpoints);
    DelaySettings settings = equipment.waits().settings();
    this.made = Made.of(name, settings, own);
    this.belay =
        Belay.over(pool)
            .policy(made.fresh)
            .budget(
                RetryBudget.of(
                    settings.budget().retryRatio(),
                    RETRIES_PER_SECOND,
                    SAVED_RETRIES,
                    equipment.time()))
            .classifier(
                Classifier.builder()
                    .failure(JudgedFailure.class, JudgedFailure::verdict)
                    .failure(ProviderException.class, this::verdict)
                    .build())
            .observer(observer)
            .random(equipment.random())
            .time(equipment.time())
            .build();
  }

  /** By which requests ask for it. */
  public String name() {
    return name;
  }

  /**
   * Makes a request of another kind by the rules of the route: its attempts wait at gates, fail
   * over, and are tried again as those of any other call. They fail with {@link ProviderException}
   * for what a provider says, and have to end in time by themselves.
   *
   * @param caller on whose behalf
   * @param request what each attempt does
   * @param listener hears of it
   * @param executor an event loop, say: on which all but the first attempt begin
   * @return fails with {@link dev.belay.CallFailed} or {@link dev.belay.CallRefused}; cancelling it
   *     ends waits and attempts at once
   */
  public <T> CompletableFuture<T> callAsync(
      Caller caller,
      AsyncOperation<LlmEndpoint, T> request,
      RouteListener listener,
      Executor executor) {
    Waits waits = equipment.waits();
    waits.telemetry(caller.key()).call();
    long start = equipment.time().nanos();
    Call wishes = Call.DEFAULT.withTarget(name).withPolicy(policy(caller.key()));
    Guest<T> guest = new Guest<>(this, caller, request, listener, executor);
    CompletableFuture<T> answer = belay.callAsync(wishes, guest, executor);
    var unused =
        answer.whenComplete((value, failure) -> {
          guest.ended(failure);
          Duration took = Duration.ofNanos(equipment.time().nanos() - start);
          waits.ended(caller.key(), failure != null && !answer.isCancelled(), took);
        });
    return answer;
  }

  /** The engine below: failover among the endpoints, retries, breakers. */
  Belay<LlmEndpoint> belay() {
    return belay;
  }

  /** The models, in order of preference. */
  public List<LlmEndpoint> endpoints() {
    return pool.endpoints();
  }

  /** What attempts at an endpoint have to pass. */
  public Gate gate(LlmEndpoint endpoint) {
    return equipment
        .gates()
        .gate(
            GateKey.of(
                equipment.waits().settings(),
                endpoint.provider(),
                endpoint.account(),
                endpoint.model()));
  }

  /** What holds for a call now; settings may have changed. */
  RetryPolicy policy(String key) {
    DelaySettings now = equipment.waits().settings();
    Made last = made;
    if (!last.from.equals(now)) {
      last = Made.of(name, now, own);
      made = last;
    }
    return equipment.waits().isNew(key) ? last.fresh : last.old;
  }

  /** Whether calls are written down, so that it is worth telling of them. */
  public boolean isRecorded() {
    return !equipment.recorder().equals(Recorder.NONE);
  }

  /** A request of another kind begins, which says this in the words of its protocol. */
  public CallRecord record(Caller caller, LlmRequest request) {
    return record(LlmCall.of(request).by(caller), CorrectionPolicy.ONCE, BudgetLimits.NONE);
  }

  /** A call begins. */
  CallRecord record(LlmCall call, CorrectionPolicy corrections, BudgetLimits limits) {
    if (!isRecorded()) {
      return CallRecord.NONE;
    }
    Caller caller = call.wishes().caller();
    Optional<Duration> time = call.wishes().time();
    CallTerms terms =
        new CallTerms(
            equipment.waits().policies().apply(caller.key()).name(),
            time.orElseGet(this::timeout),
            time.isPresent() || own.isPresent(),
            CorrectionRules.of(corrections),
            limits);
    return equipment
        .recorder()
        .begin(
            new CallStart(
                name,
                caller.key(),
                caller.tenant(),
                call.request(),
                pool.endpoints().stream().map(LlmEndpoint::name).toList(),
                call.wishes().checks(),
                terms));
  }

  /** How long a call may take that does not say so itself. */
  Duration timeout() {
    return own.map(RetryPolicy::timeout)
        .orElseGet(() -> equipment.waits().settings().budget().deadline());
  }

  Equipment equipment() {
    return equipment;
  }

  /** Whether an endpoint that was not tried yet would take an attempt at once. */
  boolean hasFresh(Collection<LlmEndpoint> tried) {
    return pool.endpoints().stream()
        .anyMatch(endpoint ->
            !tried.contains(endpoint)
                && endpoint.isSelectable()
                && gate(endpoint).closedFor().isZero());
  }

  /** Whether one that was not tried yet takes longer conversations, or may. */
  boolean hasRoomier(LlmEndpoint than, Collection<LlmEndpoint> tried) {
    int window = than.contextWindow();
    return pool.endpoints().stream()
        .anyMatch(endpoint ->
            !tried.contains(endpoint)
                && endpoint.isSelectable()
                && (endpoint.contextWindow() == 0 || endpoint.contextWindow() > window));
  }

  /** How long until the first gate opens; zero if one is open. */
  Duration closedFor() {
    return pool.endpoints().stream()
        .map(endpoint -> gate(endpoint).closedFor())
        .min(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** For operations that say no more than what went wrong. */
  private Verdict verdict(ProviderException failure) {
    Verdict verdict =
        equipment.waits().policies().apply("").verdict("", failure.error(), equipment.random());
    return pool.endpoints().size() > 1 ? verdict : Judging.ofGate(verdict, failure.error().kind());
  }

  @Override
  public String toString() {
    return "LlmRoute[%s, %s]".formatted(name, pool.endpoints());
  }
}
