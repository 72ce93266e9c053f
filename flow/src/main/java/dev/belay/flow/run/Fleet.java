package dev.belay.flow.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.BreakerEvent;
import dev.belay.BreakerState;
import dev.belay.CircuitBreaker;
import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.BackendView;
import dev.belay.flow.backend.Backend;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The backends of all runs: the same settings are the same backend, with one breaker. Safe for any
 * number of threads.
 */
final class Fleet {
  private final Function<BackendSettings, Backend> factory;
  private final Slots slots;
  private final Bell bell;
  private final Time time;
  private final RandomGenerator random;
  private final BiConsumer<BackendSettings, BreakerEvent> listener;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<BackendSettings, AgentEndpoint> endpoints = new HashMap<>();

  Fleet(
      Function<BackendSettings, Backend> factory,
      Slots slots,
      Bell bell,
      Time time,
      RandomGenerator random,
      BiConsumer<BackendSettings, BreakerEvent> listener) {
    this.factory = factory;
    this.slots = slots;
    this.bell = bell;
    this.time = time;
    this.random = random;
    this.listener = listener;
  }

  /**
   * The backend with such settings.
   *
   * @throws IllegalArgumentException if there can be none
   */
  AgentEndpoint of(BackendSettings settings) {
    lock.lock();
    try {
      return endpoints.computeIfAbsent(settings, this::create);
    } finally {
      lock.unlock();
    }
  }

  private AgentEndpoint create(BackendSettings settings) {
    CircuitBreaker breaker =
        new CircuitBreaker(
            settings.name(), settings.breaker(), time, random, event -> changed(settings, event));
    slots.limit(room(settings), settings.concurrency());
    return new AgentEndpoint(factory.apply(settings), settings, breaker);
  }

  /** The room in which its attempts have their places. */
  static String room(BackendSettings settings) {
    return "backend:%s:%d".formatted(settings.name(), settings.hashCode());
  }

  private void changed(BackendSettings settings, BreakerEvent event) {
    if (event.to() == BreakerState.CLOSED) {
      slots.startSlowly(room(settings));
    }
    bell.ring();
    listener.accept(settings, event);
  }

  /** A backend as it is now. */
  BackendView view(BackendSettings settings) {
    AgentEndpoint endpoint = of(settings);
    String room = room(settings);
    return new BackendView(
        settings.name(),
        settings.account(),
        endpoint.breaker().state().name().toLowerCase(Locale.ROOT),
        endpoint.breaker().untilTest(),
        slots.used(room),
        slots.allowed(room));
  }
}
