package dev.belay.server.live;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.proxy.PolicyStore;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The policy for all requests that name none, which can be changed while the server runs. What was
 * set holds, over restarts too, until the configured policy itself changes. Safe for any number of
 * threads: changes come one after the other, and none is lost.
 */
public final class DefaultPolicy {
  private static final String NAME = "default";

  private final Time time;
  private final EventFeed feed;
  private final PolicyStore store;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, as is the next one. */
  private Consumer<Map<String, RetryPolicy>> user = policies -> {};

  /** All policies by name, the default one as configured. */
  private Map<String, RetryPolicy> configured;

  private volatile Version current;

  /**
   * The policy and when it was last changed.
   *
   * @param policy under the name {@code default}
   * @param updatedAt to the microsecond; no two versions have the same
   */
  public record Version(RetryPolicy policy, Instant updatedAt) {}

  /**
   * Starts with what is configured.
   *
   * @param configured by name; holds one that is named {@code default}
   * @param store where what is set is written down before it is in force
   */
  public DefaultPolicy(
      Map<String, RetryPolicy> configured, Time time, EventFeed feed, PolicyStore store) {
    this.time = requireNonNull(time, "time");
    this.feed = requireNonNull(feed, "feed");
    this.store = requireNonNull(store, "store");
    this.configured = copy(configured);
    this.current = new Version(standard(configured), micros());
  }

  private static Map<String, RetryPolicy> copy(Map<String, RetryPolicy> policies) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(policies));
  }

  private static RetryPolicy standard(Map<String, RetryPolicy> policies) {
    return requireNonNull(policies.get(NAME), NAME);
  }

  /**
   * From now on {@code user} gets all policies, those in force at once, and whenever one changes.
   */
  public void tell(Consumer<Map<String, RetryPolicy>> user) {
    lock.lock();
    try {
      this.user = requireNonNull(user, "user");
      user.accept(inForce(current.policy()));
    } finally {
      lock.unlock();
    }
  }

  /** To be called with the lock held. */
  private Map<String, RetryPolicy> inForce(RetryPolicy policy) {
    Map<String, RetryPolicy> all = new LinkedHashMap<>(configured);
    all.put(NAME, policy);
    return all;
  }

  /** The policy in force. */
  public Version current() {
    return current;
  }

  /**
   * Brings what was set before a restart into force.
   *
   * @throws UncheckedIOException if the store cannot be read
   */
  public void load() {
    lock.lock();
    try {
      store.over(standard(configured)).ifPresent(policy -> use(policy, "store"));
    } finally {
      lock.unlock();
    }
  }

  /** Takes over what the configuration says now; what was set over the same words stays. */
  public void configure(Map<String, RetryPolicy> policies) {
    lock.lock();
    try {
      boolean same = standard(policies).equals(standard(configured));
      configured = copy(policies);
      use(same ? current.policy() : standard(policies), "configuration");
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes it, from the next request on.
   *
   * @param change what to make of the present one; what it throws is thrown, and nothing changes.
   *     It may give nothing, and then nothing changes either
   * @throws UncheckedIOException if it cannot be stored; nothing changes then
   * @return the new version; empty if {@code change} gave nothing
   */
  public Optional<Version> change(Function<Version, Optional<RetryPolicy>> change) {
    lock.lock();
    try {
      Optional<RetryPolicy> next = change.apply(current);
      next.ifPresent(policy -> {
        store.save(policy, standard(configured));
        use(policy, "api");
      });
      return next.map(policy -> current);
    } finally {
      lock.unlock();
    }
  }

  private void use(RetryPolicy policy, String source) {
    Check.that(policy.name().equals(NAME), "the policy must be named default, was %s", policy);
    boolean changed = !policy.equals(current.policy());
    user.accept(inForce(policy));
    if (changed || source.equals("api")) {
      Instant now = micros();
      Instant last = current.updatedAt();
      // a wall clock that stands or goes back must not give two versions the same time
      Instant at = now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
      current = new Version(policy, at);
      feed.publish(
          EventFeed.POLICY,
          new JsonObject()
              .put("policy", NAME)
              .put("source", source)
              .put("updated_at", at.toString()));
    }
  }

  private Instant micros() {
    return time.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
