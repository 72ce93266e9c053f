package dev.belay.chaos;

import dev.belay.Check;
import java.util.Optional;

/**
 * A way in which the system failed.
 *
 * @param signature what tells it from other failures, such as {@code POST /checkout | 500 |
 *     cart>pricing}
 * @param found the plan under which it was seen first
 * @param trial the number of that trial
 * @param minimal the smallest plan that shows it; none until it is known
 */
public record Defect(String signature, FaultPlan found, int trial, Optional<Minimal> minimal) {
  public Defect {
    Check.that(!signature.isBlank(), "signature must not be blank");
    Check.that(trial >= 1, "trial must be >= 1, was %d", trial);
  }

  /**
   * The smallest plan that shows a defect: without any of its faults, or with any of them weaker,
   * the defect was not seen.
   *
   * @param plan the plan
   * @param odds how often it shows
   * @param runs how many trials it took to find
   */
  public record Minimal(FaultPlan plan, Odds odds, int runs) {}

  /**
   * How often something shows.
   *
   * @param hits how many times it did
   * @param of of how many times; at least 1
   */
  public record Odds(int hits, int of) {
    private static final double Z = 1.959963984540054; // 95 % of a normal distribution

    public Odds {
      Check.that(of >= 1, "tries must be >= 1, was %d", of);
      Check.that(hits >= 0 && hits <= of, "hits must be in 0..%d, was %d", of, hits);
    }

    /** The share that was seen, 0 to 1. */
    public double share() {
      return (double) hits / of;
    }

    /** The lower end of Wilson's interval at 95 %. */
    public double low() {
      return Math.max(0, centre() - half());
    }

    /** The upper end of Wilson's interval at 95 %. */
    public double high() {
      return Math.min(1, centre() + half());
    }

    private double centre() {
      return (share() + Z * Z / (2 * of)) / (1 + Z * Z / of);
    }

    private double half() {
      double share = share();
      return Z / (1 + Z * Z / of) * Math.sqrt(share * (1 - share) / of + Z * Z / (4.0 * of * of));
    }
  }
}
