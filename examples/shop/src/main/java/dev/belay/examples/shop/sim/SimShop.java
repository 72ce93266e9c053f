package dev.belay.examples.shop.sim;

import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.trace.Calls;
import dev.belay.chaos.trace.Trace;
import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Ask;
import dev.belay.examples.shop.Defects;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.Shop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The shop as a target: each trial is one order in a new shop, and a look at whether others are
 * still served. The same seed and the same plans in the same order give the same observations. For
 * one thread.
 */
public final class SimShop implements Target {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  private final Set<Planted> planted;
  private final SplittableRandom random;
  private final Between between;
  private Set<Planted> shown = Set.of();
  private int runs;

  /**
   * A shop.
   *
   * @param planted the defects in it
   * @param seed of the noise, and of what is wrong only now and then
   */
  public SimShop(Set<Planted> planted, long seed) {
    this(planted, seed, Between.NOTHING);
  }

  /** The same with Belay between some of its services. */
  public SimShop(Set<Planted> planted, long seed, Between between) {
    this.planted = planted.isEmpty() ? Set.of() : EnumSet.copyOf(planted);
    this.random = new SplittableRandom(seed);
    this.between = between;
  }

  @Override
  public Observation run(FaultPlan plan) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    String trace = "%032x".formatted(++runs);
    Defects defects = new Defects(planted);
    Shop shop = new Shop(defects);
    Strikes strikes = new Strikes(plan, random);
    Gateways gateways = new Gateways(between, random);
    SimNetwork network = new SimNetwork(shop::service, strikes, random, trace, gateways);
    SimNetwork.Outcome outcome = network.call(order("POST", "/checkout"), PATIENCE);
    Optional<Trace> seen =
        network.spans().isEmpty()
            ? Optional.empty()
            : Optional.of(new Trace(network.spans(), true));
    Observation.Reply reply =
        new Observation.Reply(
            outcome
                .answer()
                .map(answer -> OptionalInt.of(answer.status()))
                .orElse(OptionalInt.empty()),
            Optional.of(Duration.ofNanos(outcome.atNanos())),
            OptionalDouble.empty(),
            outcome.failure().map(failure -> failure.kind().name().toLowerCase(Locale.ROOT)));
    List<Invariant> invariants = invariants(shop, outcome.answer());
    shown = defects.shown();
    return new Observation(
        "POST /checkout",
        reply,
        List.of(),
        seen,
        strikes.receipts(),
        invariants,
        EPOCH.plusNanos(outcome.atNanos()));
  }

  private static SimNetwork.Call order(String method, String path) {
    return new SimNetwork.Call(
        new Edge(Calls.OUTSIDE, "edge"), new Ask(method, path, Map.of()), 0, Optional.empty());
  }

  private List<Invariant> invariants(Shop shop, Optional<Answer> answer)
      throws InterruptedException {
    List<Invariant> found = new ArrayList<>();
    long total = answer.filter(Answer::isOk).map(one -> one.value("total")).orElse(-1L);
    found.add(
        new Invariant("the total is right", total < 0 || Shop.isRight(total), "total " + total));
    found.add(
        new Invariant(
            "an order is charged once at the most",
            shop.charges() <= 1,
            shop.charges() + " charges"));
    SimNetwork quiet =
        new SimNetwork(
            shop::service,
            new Strikes(FaultPlan.NONE, random),
            random,
            "%032x".formatted(-runs),
            new Gateways(between, random));
    int status =
        quiet.call(order("GET", "/status"), PATIENCE).answer().map(Answer::status).orElse(0);
    found.add(new Invariant("others are served", status == 200, "status " + status));
    return found;
  }

  /** Which defects showed in the last trial: the truth, which is not for a search to see. */
  public Set<Planted> shown() {
    return shown;
  }

  /** How many trials there were. */
  public int runs() {
    return runs;
  }
}
