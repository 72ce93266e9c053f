package dev.belay.chaos.inject;

import dev.belay.Time;
import dev.belay.chaos.Edge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** A rule, ready to be asked for each request. Safe for any number of threads. */
final class CompiledRule {
  private static final int HUNDRED = 100;
  private static final String BAGGAGE = "baggage";

  private final Strike strike;
  private final Selector selector;
  private final List<Predicate<FaultRequest>> conditions = new ArrayList<>();
  private final long takenUpNanos;
  private final long activeFromNanos;
  private final long activeForNanos;
  private final AtomicLong hits = new AtomicLong();

  /**
   * A rule.
   *
   * @param takenUpNanos when its policy came into force, by the clock that it is asked with
   */
  CompiledRule(Policy policy, int index, long takenUpNanos) {
    Rule rule = policy.rules().get(index);
    Timing timing = rule.fault().timing();
    this.strike = new Strike(policy.name(), index, rule.fault());
    this.selector = policy.selector();
    this.takenUpNanos = takenUpNanos;
    this.activeFromNanos = takenUpNanos + timing.activeAfter().toNanos();
    this.activeForNanos =
        timing.life().isZero()
            ? Long.MAX_VALUE
            : timing.life().minus(timing.activeAfter()).toNanos();
    RequestMatch match = rule.match();
    match.edge().ifPresent(this::mustCover);
    match
        .method()
        .ifPresent(wanted -> {
          Predicate<String> fits = wanted.compiled();
          conditions.add(request -> fits.test(request.method()));
        });
    match
        .path()
        .ifPresent(wanted -> {
          Predicate<String> fits = wanted.compiled();
          conditions.add(request -> fits.test(request.path()));
        });
    for (NamedMatch header : match.headers()) {
      Predicate<List<String>> fits = anyOf(header.value());
      conditions.add(request -> fits.test(request.headers(header.name())));
    }
    for (NamedMatch member : match.baggage()) {
      Predicate<List<String>> fits = anyOf(member.value());
      conditions.add(request -> fits.test(Baggage.values(request.headers(BAGGAGE), member.name())));
    }
    if (!match.spared().isEmpty()) { // last: it takes the longest
      SparedPaths spared = SparedPaths.of(match.spared());
      conditions.add(request -> !spared.cover(request.path()));
    }
  }

  private void mustCover(Edge edge) {
    conditions.add(request -> edge.covers(request.edge().caller(), request.edge().callee()));
  }

  private static Predicate<List<String>> anyOf(Optional<TextMatch> wanted) {
    if (wanted.isEmpty()) {
      return values -> !values.isEmpty();
    }
    Predicate<String> fits = wanted.get().compiled();
    return values -> values.stream().anyMatch(fits);
  }

  long takenUpNanos() {
    return takenUpNanos;
  }

  Strike strike() {
    return strike;
  }

  /** Whether it means a request now. */
  boolean means(FaultRequest request, Time time) {
    if (!selector.covers(request.edge().callee(), request.namespace())) {
      return false;
    }
    for (Predicate<FaultRequest> condition : conditions) {
      if (!condition.test(request)) {
        return false;
      }
    }
    long age = time.nanos() - activeFromNanos;
    return age >= 0 && age < activeForNanos;
  }

  /** Throws the dice for a request that it means, and counts it if it is struck. */
  boolean strikes(RandomGenerator random) {
    RuleFault fault = strike.fault();
    if (random.nextInt(HUNDRED) >= fault.percentage()) {
      return false;
    }
    long hit = hits.getAndIncrement();
    return hit >= fault.hits().skip() && hit - fault.hits().skip() < fault.hits().count();
  }
}
