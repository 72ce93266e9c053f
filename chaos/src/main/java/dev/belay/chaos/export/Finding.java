package dev.belay.chaos.export;

import dev.belay.chaos.Defect;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What is seen when a plan is put in force.
 *
 * @param signature what tells the failure from others
 * @param odds how often it shows
 * @param longest how long an answer takes at the most that does not show it; none if it is not
 *     about time
 * @param strikes how often a fault strikes at the most if it does not show; none if it is not about
 *     calls that are repeated, or no fault strikes these
 */
public record Finding(
    String signature, Defect.Odds odds, Optional<Duration> longest, Optional<Strikes> strikes) {
  private static final double DOUBT = 0.05;
  private static final int MOST_RUNS = 20;
  private static final double PERCENT = 100;

  /**
   * How often a fault strikes.
   *
   * @param fault which fault of the plan, counted from 0
   * @param most how often at the most
   */
  public record Strikes(int fault, int most) {}

  /** In one line, for people. */
  String words() {
    String what = signature.replaceAll("\\p{Cntrl}", " ");
    return String.format(
        Locale.ROOT,
        "%s, which showed in %d of %d trials (%.0f to %.0f %% of all, at 95 %%)",
        what,
        odds.hits(),
        odds.of(),
        PERCENT * odds.low(),
        PERCENT * odds.high());
  }

  /** How often to try until it shows with odds of 19 to 1; once if it always did. */
  int runs() {
    if (odds.hits() == odds.of()) {
      return 1;
    }
    double enough = Math.ceil(Math.log(DOUBT) / Math.log(1 - odds.share()));
    return (int) Math.clamp(enough, 1, MOST_RUNS);
  }
}
