package dev.belay.chaos.session;

import dev.belay.Check;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What a session is to do.
 *
 * @param service the service whose system is tried; 1 to 63 of a-z, 0-9 and hyphen, beginning and
 *     ending with a letter or digit
 * @param space the document of the space that is searched, as JSON; read by whoever makes the
 *     search of it, and kept as it is
 * @param trials how many trials at the most; 1 to 1,000
 * @param budget how long it may take; 60 s to 24 h
 * @param seed what chance begins with: the same seed and the same observations give the same plans
 * @param parallel how many trials are made at a time, if the system can keep them apart; 1 to 8
 */
public record SessionSpec(
    String service, String space, int trials, Duration budget, long seed, int parallel) {
  /** How many trials there are unless said otherwise. */
  public static final int DEFAULT_TRIALS = 100;

  /** How long a session may take unless said otherwise. */
  public static final Duration DEFAULT_BUDGET = Duration.ofHours(1);

  /** How many trials may be made at a time. */
  public static final int MOST_PARALLEL = 8;

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** One trial at a time. */
  public SessionSpec(String service, String space, int trials, Duration budget, long seed) {
    this(service, space, trials, budget, seed, 1);
  }

  public SessionSpec {
    Check.that(
        NAME.matcher(service).matches(),
        "service_name must be 1 to 63 of a-z, 0-9 and hyphens, not at the ends, was '%s'",
        service.length() > 80 ? service.substring(0, 80) + "…" : service);
    Check.that(trials >= 1 && trials <= 1_000, "max_trials must be in 1..1000, was %d", trials);
    Check.that(
        budget.compareTo(Duration.ofSeconds(60)) >= 0 && budget.compareTo(Duration.ofDays(1)) <= 0,
        "time_budget_sec must be in 60..86400, was %d",
        budget.toSeconds());
    Check.that(
        parallel >= 1 && parallel <= MOST_PARALLEL,
        "parallel_trials must be in 1..%d, was %d",
        MOST_PARALLEL,
        parallel);
  }
}
