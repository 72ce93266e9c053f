package dev.belay.examples.shop.sim;

import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Ask;
import dev.belay.examples.shop.Defects;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.Shop;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The shop as a target: each trial is one order in a new shop, and a look at whether others are
 * still served. The same seed and the same plans in the same order give the same observations. For
 * one thread.
 */
public final class SimShop implements Target {
  private static final SimRequest.Question ORDER =
      new SimRequest.Question("edge", new Ask("POST", "/checkout", Map.of()));
  private static final SimRequest.Question OTHERS =
      new SimRequest.Question("edge", Ask.get("/status"));

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
    runs++;
    Defects defects = new Defects(planted);
    Shop shop = new Shop(defects);
    SimRequest request =
        SimRequest.ask(ORDER, new SimRequest.World(shop::service, between), plan, random, runs);
    List<Invariant> invariants = invariants(shop, request.answer());
    shown = defects.shown();
    return request.seen(invariants);
  }

  private List<Invariant> invariants(Shop shop, Optional<Answer> answer)
      throws InterruptedException {
    long total = answer.filter(Answer::isOk).map(one -> one.value("total")).orElse(-1L);
    Optional<Answer> others =
        SimRequest.ask(
                OTHERS, new SimRequest.World(shop::service, between), FaultPlan.NONE, random, -runs)
            .answer();
    int status = others.map(Answer::status).orElse(0);
    return List.of(
        new Invariant("the total is right", total < 0 || Shop.isRight(total), "total " + total),
        new Invariant(
            "an order is charged once at the most",
            shop.charges() <= 1,
            shop.charges() + " charges"),
        new Invariant("others are served", status == 200, "status " + status));
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
