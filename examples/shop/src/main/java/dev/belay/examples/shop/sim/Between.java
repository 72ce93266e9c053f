package dev.belay.examples.shop.sim;

import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.RetryPolicy;
import dev.belay.chaos.Edge;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where Belay itself stands between two services of the shop, and what it does there: the retries,
 * breakers and budgets of the engine are then among what is tried. Immutable.
 *
 * @param edges the calls that go through it
 * @param policy how it tries again; never beyond the caller's own timeout
 * @param breaker when it gives a callee up for a while
 * @param budget how many retries each of these calls may save up; 1 to 1,000,000
 */
public record Between(Set<Edge> edges, RetryPolicy policy, BreakerPolicy breaker, int budget) {
  /** Nowhere. */
  public static final Between NOTHING =
      new Between(Set.of(), RetryPolicy.NONE, BreakerPolicy.DEFAULT, 1);

  /** Three attempts, 50 ms and 100 ms apart: no caller in the shop waits for long. */
  public static final RetryPolicy QUICK =
      RetryPolicy.named("between")
          .backoff(Backoff.exponential(Duration.ofMillis(50)))
          .retryStatusCodes(Set.of(429, 500, 502, 503, 504))
          .build();

  public Between {
    edges = Set.copyOf(edges);
  }

  /** At these calls, with {@link #QUICK} and what the engine has by default. */
  public static Between at(Set<Edge> edges) {
    return new Between(edges, QUICK, BreakerPolicy.DEFAULT, 100);
  }

  /** At all calls of these services. */
  public static Between before(Set<String> callees) {
    return at(
        ShopExperiment.edges().stream()
            .filter(edge -> callees.contains(edge.callee()))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** At all calls between services. */
  public static Between everywhere() {
    return at(Set.copyOf(ShopExperiment.edges()));
  }

  /** The same with fewer retries saved up. */
  public Between withBudget(int tokens) {
    return new Between(edges, policy, breaker, tokens);
  }
}
