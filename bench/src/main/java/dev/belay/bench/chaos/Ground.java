package dev.belay.bench.chaos;

import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.examples.home.Flaw;
import dev.belay.examples.home.SimHome;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.sim.ShopExperiment;
import dev.belay.examples.shop.sim.SimShop;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * Where searches race.
 *
 * @param name its name
 * @param what what it is, for the page
 * @param courses makes a system for a seed
 */
record Ground(String name, String what, LongFunction<Course> courses) {
  /** All of them, the one whose bars must be met first. */
  static List<Ground> all() {
    return List.of(
        new Ground("shop", "A shop of 17 services, always the same", ShopCourse::new),
        new Ground("home", "A home page of 16 services, always the same", HomeCourse::new),
        new Ground(
            "any",
            "Systems drawn at random, another one for each seed",
            seed -> AnySystem.of(seed, true)));
  }

  /** The shop with all its defects. */
  private static final class ShopCourse implements Course {
    private final SimShop shop;

    ShopCourse(long seed) {
      this.shop = new SimShop(EnumSet.allOf(Planted.class), seed);
    }

    @Override
    public FaultSpace space() {
      return ShopExperiment.space();
    }

    @Override
    public List<Plant> planted() {
      return Arrays.stream(Planted.values()).map(one -> Plant.of(one, one.order())).toList();
    }

    @Override
    public Set<Plant> shown() {
      return shop.shown().stream()
          .map(one -> Plant.of(one, one.order()))
          .collect(Collectors.toSet());
    }

    @Override
    public Observation run(FaultPlan plan) throws InterruptedException {
      return shop.run(plan);
    }
  }

  /** The home page with all its flaws. */
  private static final class HomeCourse implements Course {
    private final SimHome home;

    HomeCourse(long seed) {
      this.home = new SimHome(EnumSet.allOf(Flaw.class), seed);
    }

    @Override
    public FaultSpace space() {
      return SimHome.space();
    }

    @Override
    public List<Plant> planted() {
      return Arrays.stream(Flaw.values()).map(one -> Plant.of(one, one.order())).toList();
    }

    @Override
    public Set<Plant> shown() {
      return home.shown().stream()
          .map(one -> Plant.of(one, one.order()))
          .collect(Collectors.toSet());
    }

    @Override
    public Observation run(FaultPlan plan) throws InterruptedException {
      return home.run(plan);
    }
  }
}
