package dev.belay.bench.chaos;

import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.search.FaultSpace;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A system in which defects are planted, and which knows itself what it showed. */
interface Course extends Target {
  /**
   * A defect.
   *
   * @param name unique in its system
   * @param kind what it has in common with those of other systems, for tables
   * @param order how many faults it takes
   */
  record Plant(String name, String kind, int order) {
    /** One that each system of a kind has. */
    static Plant of(Enum<?> one, int order) {
      String name = one.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return new Plant(name, name, order);
    }
  }

  /** A simulated system never fails to be tried. */
  @Override
  Observation run(FaultPlan plan) throws InterruptedException;

  /** The plans that may be tried. */
  FaultSpace space();

  /** All that is planted. */
  List<Plant> planted();

  /** What showed in the last trial. */
  Set<Plant> shown();
}
