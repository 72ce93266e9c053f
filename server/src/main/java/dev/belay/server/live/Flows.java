package dev.belay.server.live;

import static java.util.Objects.requireNonNull;

import dev.belay.flow.Cooldown;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.RunEngine;
import dev.belay.flow.RunState;
import dev.belay.flow.TaskState;
import java.util.List;
import java.util.Map;

/**
 * The room that carries plans out. All methods may block, and throw {@link
 * java.io.UncheckedIOException} while the store fails. Safe for any number of threads.
 */
public interface Flows {

  /** Who carries them out. */
  RunEngine engine();

  /** Accounts that rest now, those that go on first coming first. */
  List<Cooldown> cooldowns();

  /** How many runs are in which state, of the newest thousand. */
  Map<RunState, Long> runs();

  /** How many tasks of runs that are going on are in which state. */
  Map<TaskState, Long> tasks();

  /** How many attempts of this process ended how. */
  Map<Ended, Long> attempts();

  /**
   * Attempts that are counted together.
   *
   * @param backend where they went
   * @param outcome how they ended
   */
  record Ended(String backend, OutcomeClass outcome) {
    /** Rejects nothing but nulls. */
    public Ended {
      requireNonNull(backend, "backend");
      requireNonNull(outcome, "outcome");
    }
  }
}
