package dev.belay.server.config;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What {@code flow} says: whether this server carries plans out, and how long it waits for agents.
 * Immutable.
 *
 * @param on whether it does
 * @param files a folder for what agents say and for results; made when it is needed
 * @param patience how long a task waits for a backend that fails for everybody, 0 to 30 d
 * @param cooldowns how long accounts rest that have used up what they may
 * @param resume whether runs that were interrupted go on when the server starts
 */
public record FlowConfig(
    boolean on, Path files, Duration patience, Cooldowns cooldowns, boolean resume) {

  /** On, with files in {@code .belay/runs}, and six hours of patience. */
  public static final FlowConfig DEFAULT =
      new FlowConfig(true, Path.of(".belay", "runs"), Duration.ofHours(6), Cooldowns.DEFAULT, true);

  /** Rejects values out of range. */
  public FlowConfig {
    requireNonNull(files, "files");
    requireNonNull(cooldowns, "cooldowns");
    Check.that(
        FlowReader.PATIENCE.contains(patience), "flow.patience must be 0 to 30d, was %s", patience);
  }

  /**
   * How long an account rests.
   *
   * @param margin added to the time that an agent says, and as much as half of it more; 0 to 1 h
   * @param least a rest is never shorter; 0 to 24 h
   * @param otherwise where no time was said; 1 s to 8 d
   */
  public record Cooldowns(Duration margin, Duration least, Duration otherwise) {
    /** A minute, a minute, a quarter of an hour. */
    public static final Cooldowns DEFAULT =
        new Cooldowns(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMinutes(15));

    /** Rejects values out of range. */
    public Cooldowns {
      Check.that(
          FlowReader.MARGIN.contains(margin),
          "flow.cooldown_margin must be 0 to 1h, was %s",
          margin);
      Check.that(
          FlowReader.LEAST.contains(least), "flow.cooldown_least must be 0 to 24h, was %s", least);
      Check.that(
          FlowReader.OTHERWISE.contains(otherwise),
          "flow.cooldown_default must be 1s to 8d, was %s",
          otherwise);
    }
  }
}
