package dev.belay.llm.mcp;

import dev.belay.Check;
import java.time.Duration;

/**
 * How tools are run on our side. Immutable.
 *
 * @param rounds how often the model may be asked again with results, 1 to 100
 * @param start how long a server may take to start and to list its tools, above 0, at most a day
 * @param call how long one call of a tool may take, above 0, at most a day
 * @param grace how long a program may take to end when told to, before it is killed; 0 to 60 s
 * @param result characters of a result that are shown to the model, 1 or more; the rest is cut
 */
public record ToolSettings(int rounds, Duration start, Duration call, Duration grace, int result) {
  private static final Duration LONGEST = Duration.ofDays(1);

  /** 8 rounds; 30 s to start, 60 s for each call, 2 s to end; 50,000 characters. */
  public static final ToolSettings DEFAULT =
      new ToolSettings(
          8, Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(2), 50_000);

  /** Rejects settings that allow nothing. */
  public ToolSettings {
    Check.that(rounds >= 1 && rounds <= 100, "rounds must be 1 to 100, was %d", rounds);
    check("start", start);
    check("call", call);
    Check.that(
        !grace.isNegative() && grace.compareTo(Duration.ofMinutes(1)) <= 0,
        "grace must be 0 to 60 s, was %s",
        grace);
    Check.that(result >= 1, "result must be 1 or more characters, was %d", result);
  }

  private static void check(String field, Duration time) {
    Check.that(
        time.isPositive() && time.compareTo(LONGEST) <= 0,
        "%s must be more than 0 and at most a day, was %s",
        field,
        time);
  }

  /** The same with another number of rounds. */
  public ToolSettings withRounds(int rounds) {
    return new ToolSettings(rounds, start, call, grace, result);
  }

  /** The same with another time to start. */
  public ToolSettings withStart(Duration start) {
    return new ToolSettings(rounds, start, call, grace, result);
  }

  /** The same with another time for each call of a tool. */
  public ToolSettings withCall(Duration call) {
    return new ToolSettings(rounds, start, call, grace, result);
  }

  /** The same with another time to end. */
  public ToolSettings withGrace(Duration grace) {
    return new ToolSettings(rounds, start, call, grace, result);
  }

  /** The same with another length of results. */
  public ToolSettings withResult(int characters) {
    return new ToolSettings(rounds, start, call, grace, characters);
  }
}
