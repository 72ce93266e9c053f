package dev.belay.chaos.report;

import dev.belay.Check;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What plans drawn by chance would have found: of each failure that the session saw, how likely one
 * such plan is to show it. What the session did not see is not counted, and so the expectation is
 * of the same failures that its curve counts.
 *
 * @param shares by signature, 0 to 1
 * @param way how they were worked out
 */
public record Chance(Map<String, Double> shares, Way way) {
  /** How likely a plan is to show a failure was worked out in a way. */
  public enum Way {
    /** In a closed form, over the calls and kinds of faults of the session. */
    COUNTED(
        "a failure counts as shown by a plan that holds its smallest known plan, or worse, with"
            + " delays from half-way to the longest that was borne"),
    /** Over points drawn from the space of the session. */
    DRAWN("a failure counts as shown by a point whose fault is as bad as one known to fail");

    private final String words;

    Way(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  public Chance {
    shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    shares
        .values()
        .forEach(share -> Check.that(share >= 0 && share <= 1, "share must be in 0..1, %s", share));
  }

  /** How many of the failures so many plans drawn by chance are expected to show. */
  public double expected(int trials) {
    return shares.values().stream().mapToDouble(share -> 1 - Math.pow(1 - share, trials)).sum();
  }
}
