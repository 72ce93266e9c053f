package dev.belay.flow.run;

import static java.util.Objects.requireNonNull;

import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.Plan;
import dev.belay.flow.RunState;
import dev.belay.flow.backend.Backend;
import dev.belay.flow.journal.RunStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Collects the settings of a {@link LocalEngine}. */
public final class EngineBuilder {
  final RunStore store;
  final Function<BackendSettings, Backend> backends;
  final Path files;
  Time time = Time.system();
  RandomGenerator random = new SecureRandom();
  Duration patience = Duration.ofHours(6);
  Cooldowns.Rules cooldowns = Cooldowns.Rules.DEFAULT;
  WorkspaceFactory workspaces = this::workspace;
  String owner = Owners.mine();

  EngineBuilder(RunStore store, Function<BackendSettings, Backend> backends, Path files) {
    this.store = requireNonNull(store, "store");
    this.backends = requireNonNull(backends, "backends");
    this.files = requireNonNull(files, "files");
  }

  private Workspace workspace(String run, Plan plan, Path directory) {
    return plan.worktrees().on()
        ? WorktreeWorkspace.of(run, plan, directory, this::isDead)
        : new Workspace.Shared(directory);
  }

  /** A run that failed may be resumed, and so may one that is not known here. */
  private boolean isDead(String run) {
    return store.run(run).filter(known -> known.state() == RunState.CANCELLED).isPresent();
  }

  /** Default is the machine's. */
  public EngineBuilder time(Time clock) {
    time = requireNonNull(clock, "time");
    return this;
  }

  /** Where jitter and ids come from. */
  public EngineBuilder random(RandomGenerator source) {
    random = requireNonNull(source, "random");
    return this;
  }

  /** How long a task waits for a backend that fails for everybody; default 6 h. */
  public EngineBuilder patience(Duration longest) {
    patience = requireNonNull(longest, "patience");
    return this;
  }

  /**
   * How long accounts rest.
   *
   * @param margin added to the time that an agent says, default 60 s, and as much as half of it
   *     more
   * @param least a rest is never shorter, default 60 s
   * @param otherwise where no time was said, default 15 min
   */
  public EngineBuilder cooldowns(Duration margin, Duration least, Duration otherwise) {
    Cooldowns.Rules usual = Cooldowns.Rules.DEFAULT;
    cooldowns =
        new Cooldowns.Rules(
            margin,
            margin.plus(margin.dividedBy(2)),
            least,
            usual.most(),
            usual.mostOfWeek(),
            otherwise);
    return this;
  }

  /** The engine. */
  public LocalEngine build() {
    return new LocalEngine(this);
  }
}
