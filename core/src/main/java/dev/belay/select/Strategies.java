package dev.belay.select;

import dev.belay.Selection;
import dev.belay.SharedRandom;
import dev.belay.Time;
import java.util.List;
import java.util.random.RandomGenerator;

/** The strategies that come with Belay, by the names that settings use. */
public final class Strategies {
  private static final List<String> NAMES =
      List.of(
          "round-robin",
          "random",
          "weighted",
          "least-used",
          "performance-based",
          "session",
          "session-persistence",
          "geo-targeted",
          "cost-aware",
          "composite",
          "best-recent",
          "power-of-two");

  private Strategies() {}

  /** All names; each may be written with underscores as well. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * A new instance of a strategy with its default settings. {@code session} spreads sessions by
   * round robin; {@code geo-targeted} takes the least used of the matching; {@code composite}
   * filters by country, then by region, and takes the better of two.
   *
   * @param name one of {@link #names}
   * @param time for strategies that forget
   * @throws IllegalArgumentException that lists the names, if there is none of this name
   */
  public static Selection named(String name, Time time) {
    return named(name, time, SharedRandom.INSTANCE);
  }

  /**
   * The same by a given randomness.
   *
   * @param random safe for any number of threads
   */
  public static Selection named(String name, Time time, RandomGenerator random) {
    return switch (name.replace('_', '-')) {
      case "round-robin" -> new RoundRobin();
      case "random" -> new RandomChoice(random);
      case "weighted" -> new Weighted(random);
      case "least-used" -> new LeastUsed();
      case "performance-based" -> new PerformanceBased(random);
      case "session", "session-persistence" -> new Session(new RoundRobin(), time);
      case "geo-targeted" -> new Geo();
      case "cost-aware" -> new CostAware(Double.MAX_VALUE, random);
      case "composite" ->
          new Composite(List.of(Filter.sameCountry(), Filter.sameRegion()), new PowerOfTwo(random));
      case "best-recent" -> new BestRecent(random);
      case "power-of-two" -> new PowerOfTwo(random);
      default ->
          throw new IllegalArgumentException(
              "strategy must be one of %s, was '%s'".formatted(String.join(", ", NAMES), name));
    };
  }
}
