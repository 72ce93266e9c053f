package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.Belay;
import dev.belay.CallObserver;
import dev.belay.Classifier;
import dev.belay.Pool;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Verdict;
import dev.belay.llm.ProviderException;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.Gate;
import dev.belay.llm.delay.GateKey;
import dev.belay.llm.provider.LlmEndpoint;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

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
  private volatile Made made;

  /** The policies of calls that wait in the new way, and in the old one. */
  private record Made(DelaySettings from, RetryPolicy fresh, RetryPolicy old) {
    static Made of(String name, DelaySettings from) {
      RetryPolicy old = from.applyTo(RetryPolicy.named(name)).build();
      return new Made(from, old.toBuilder().immediateFailover(true).build(), old);
    }
  }

  LlmRoute(String name, List<LlmEndpoint> endpoints, Equipment equipment, CallObserver observer) {
    this.name = requireNonNull(name, "name");
    this.equipment = requireNonNull(equipment, "equipment");
    this.pool = Pool.of(name, new GateSelection(this::gate), endpoints);
    DelaySettings settings = equipment.waits().settings();
    this.made = Made.of(name, settings);
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
   * The engine below: failover among the endpoints, retries, breakers. Operations of others may
   * fail with {@link ProviderException}; they do not wait at gates by themselves.
   */
  public Belay<LlmEndpoint> belay() {
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
      last = Made.of(name, now);
      made = last;
    }
    return equipment.waits().isNew(key) ? last.fresh : last.old;
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
                && gate(endpoint).state().closedFor().isZero());
  }

  /** How long until the first gate opens; zero if one is open. */
  Duration closedFor() {
    return pool.endpoints().stream()
        .map(endpoint -> gate(endpoint).state().closedFor())
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
