package dev.belay.server.config;

import dev.belay.Check;
import dev.belay.Selection;
import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.select.BestRecent;
import dev.belay.select.CostAware;
import dev.belay.select.RoundRobin;
import dev.belay.select.Session;
import dev.belay.select.Strategies;
import java.time.Duration;

/**
 * How a proxy is chosen from the pool.
 *
 * @param strategy the name of the strategy
 * @param exploration share of choices that {@code best-recent} makes at random, 0 to 1
 * @param maxCost what a proxy may cost at the most under {@code cost-aware}, 0 or more
 * @param sessionTtl how long after its last use a session is kept, under every strategy
 * @param maxSessions how many sessions are kept, 1 to 10,000,000
 */
public record Choice(
    String strategy, double exploration, double maxCost, Duration sessionTtl, int maxSessions) {

  static final Duration LONGEST_SESSION = Duration.ofDays(365);
  static final int MOST_SESSIONS = 10_000_000;

  /** The best of late, sessions of 5 minutes. */
  public static final Choice DEFAULT =
      new Choice("best-recent", 0.05, Double.MAX_VALUE, Duration.ofMinutes(5), 10_000);

  /** Rejects a strategy that is not there, and settings that it cannot work with. */
  public Choice {
    Check.that(
        Strategies.names().contains(strategy), "there is no strategy of the name %s", strategy);
    Check.that(
        exploration >= 0 && exploration <= 1, "exploration must be 0 to 1, was %s", exploration);
    Check.that(maxCost >= 0, "max_cost must be 0 or more, was %s", maxCost);
    Check.that(
        sessionTtl.isPositive() && sessionTtl.compareTo(LONGEST_SESSION) <= 0,
        "session_ttl must be above 0 and at most 365 days, was %s",
        sessionTtl);
    Check.that(
        maxSessions >= 1 && maxSessions <= MOST_SESSIONS,
        "max_sessions must be 1 to %d, was %d",
        MOST_SESSIONS,
        maxSessions);
  }

  /** A new instance of the strategy, which knows no session yet. */
  public Selection on(Time time) {
    Selection among =
        switch (strategy) {
          case "best-recent" -> new BestRecent(exploration, SharedRandom.INSTANCE);
          case "cost-aware" -> new CostAware(maxCost, SharedRandom.INSTANCE);
          // what these do besides is done here for all
          case "session", "session-persistence" -> new RoundRobin();
          default -> Strategies.named(strategy, time);
        };
    return new Session(among, sessionTtl, maxSessions, time);
  }
}
