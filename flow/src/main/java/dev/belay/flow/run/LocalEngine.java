package dev.belay.flow.run;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerEvent;
import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.Cooldown;
import dev.belay.flow.Plan;
import dev.belay.flow.PlanException;
import dev.belay.flow.PlanProblem;
import dev.belay.flow.RunEngine;
import dev.belay.flow.RunEvent;
import dev.belay.flow.RunEvent.Kind;
import dev.belay.flow.RunRefused;
import dev.belay.flow.RunRefused.Reason;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.RunView;
import dev.belay.flow.Spend;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.backend.Backend;
import dev.belay.flow.journal.RunStore;
import dev.belay.flow.plan.PlanFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Carries runs out in this process. Safe for any number of threads. */
public final class LocalEngine implements RunEngine {
  private final RunStore store;
  private final Time time;
  private final RandomGenerator random;
  private final Parts parts;
  private final Post post;
  private final Views views;
  private final Elsewhere elsewhere;
  private final WorkspaceFactory workspaces;
  private final DirectoryLocks files = new DirectoryLocks();
  private final Roster active = new Roster();

  LocalEngine(EngineBuilder from) {
    this.store = from.store;
    this.time = from.time;
    this.random = from.random;
    this.workspaces = from.workspaces;
    Bell bell = new Bell(time);
    Slots slots = new Slots();
    Fleet fleet = new Fleet(from.backends, slots, bell, time, random, this::breakerChanged);
    Cooldowns cooldowns = new Cooldowns(store, time, random, from.cooldowns);
    this.post = new Post(store, time, from.owner, cooldowns, bell);
    this.parts =
        new Parts(
            time,
            random,
            store,
            new Journal(store, time),
            slots,
            bell,
            cooldowns,
            fleet,
            new ParityBreakers(time),
            new RunFiles(from.files),
            from.files,
            from.patience);
    this.views = new Views(store, parts);
    this.elsewhere = new Elsewhere(store, post, parts.journal(), time);
  }

  /**
   * Collects the settings of an engine.
   *
   * @param store where runs are remembered
   * @param backends makes a backend of its settings; throws {@link IllegalArgumentException} for
   *     what cannot be one
   * @param files a directory for what agents say and for results; made if it is not there
   */
  public static EngineBuilder builder(
      RunStore store, Function<BackendSettings, Backend> backends, Path files) {
    return new EngineBuilder(store, backends, files);
  }

  @Override
  public String submit(Plan plan, Path directory) {
    requireNonNull(plan, "plan");
    checkBackends(plan);
    if (!Files.isDirectory(directory)) {
      throw new PlanException(
          List.of(new PlanProblem("directory", "%s is not a directory".formatted(directory))));
    }
    try {
      DirectoryLocks.check(plan, directory);
    } catch (IllegalArgumentException outside) {
      throw new PlanException(List.of(new PlanProblem("", String.valueOf(outside.getMessage()))));
    }
    String id = newId();
    Workspace workspace = workspaces.of(id, plan, directory);
    RunStatus status =
        new RunStatus(
            id,
            plan.name(),
            RunState.RUNNING,
            "",
            directory.toAbsolutePath().toString(),
            time.instant(),
            Optional.empty(),
            Spend.NONE);
    List<TaskStatus> tasks =
        plan.tasks().keySet().stream().map(task -> TaskStatus.waiting(id, task)).toList();
    store.begin(status, PlanFile.write(plan), tasks);
    if (!post.claim(id)) {
      throw new IllegalStateException("a run that nobody knows is taken: " + id);
    }
    start(status, plan, tasks, workspace, Memory.EMPTY);
    return id;
  }

  /** All backends are made before anything runs: a wrong one is no reason to fail half-way. */
  private void checkBackends(Plan plan) {
    List<PlanProblem> problems = new ArrayList<>();
    for (BackendSettings settings : plan.backends().values()) {
      try {
        var unused = parts.fleet().of(settings);
      } catch (IllegalArgumentException wrong) {
        problems.add(
            new PlanProblem("backends." + settings.name(), String.valueOf(wrong.getMessage())));
      }
    }
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
  }

  /** Sorts by time, and can be typed. */
  private String newId() {
    String at = time.instant().toString().replaceAll("[-:]", "");
    return "%s-%04x".formatted(at.substring(2, 15).replace('T', '-'), random.nextInt(0x10000));
  }

  private void start(
      RunStatus status, Plan plan, List<TaskStatus> tasks, Workspace workspace, Memory memory) {
    String id = status.run();
    ActiveRun run =
        new ActiveRun(
            status,
            plan,
            tasks,
            parts,
            workspace,
            files.in(Path.of(status.directory())),
            memory::of,
            () -> ended(id));
    if (!active.add(run)) {
      post.release(id);
      throw new RunRefused(Reason.STATE, "the engine is closed");
    }
    post.attend(run);
    run.start();
  }

  private void ended(String id) {
    post.release(id);
    active.remove(id);
  }

  @Override
  public void resume(String run) {
    restart(run, task -> task.state() != TaskState.COMPLETED);
  }

  /** Takes up a run that is not running; tasks that fit are done again. */
  private void restart(String id, Predicate<TaskStatus> again) {
    if (active.find(id).isPresent()) {
      throw new RunRefused(Reason.STATE, "run %s is running".formatted(id));
    }
    RunStatus before = known(id);
    if (!post.claim(id)) {
      throw new RunRefused(Reason.STATE, "run %s is carried out by another process".formatted(id));
    }
    try {
      Plan plan = views.planOf(id);
      checkBackends(plan);
      List<TaskStatus> tasks = new ArrayList<>();
      for (TaskStatus task : store.tasks(id)) {
        tasks.add(again.test(task) ? reopened(task) : task);
      }
      RunStatus status = before.in(RunState.RUNNING, "", Optional.empty());
      parts.journal().commit(tasks);
      parts.journal().commit(List.of(status));
      Workspace workspace = workspaces.of(id, plan, Path.of(before.directory()));
      start(status, plan, tasks, workspace, Memory.of(store, id, plan));
    } catch (RuntimeException failed) {
      post.release(id);
      throw failed;
    }
  }

  /** What was over begins afresh; what was under way goes on where it was. */
  private static TaskStatus reopened(TaskStatus task) {
    return task.state().isOver() ? task.again() : task.in(TaskState.WAITING, "");
  }

  private RunStatus known(String run) {
    return store
        .run(run)
        .orElseThrow(() -> new RunRefused(Reason.UNKNOWN, "there is no run %s".formatted(run)));
  }

  @Override
  public List<String> resumeAll() {
    List<String> resumed = new ArrayList<>();
    for (RunStatus run : store.runs(Integer.MAX_VALUE)) {
      if (!run.state().isOver() && active.find(run.run()).isEmpty()) {
        try {
          resume(run.run());
          resumed.add(run.run());
        } catch (RunRefused taken) {
          // another process has it
        }
      }
    }
    return resumed;
  }

  @Override
  public void retry(String run, String task) {
    RunStatus status = known(run);
    Optional<TaskStatus> before =
        store.tasks(run).stream().filter(one -> one.task().equals(task)).findFirst();
    if (before.isEmpty()) {
      throw new RunRefused(Reason.UNKNOWN, "run %s has no task %s".formatted(run, task));
    }
    if (!before.get().state().isOver()) {
      throw new RunRefused(Reason.STATE, "task %s has not ended; cancel it first".formatted(task));
    }
    if (active.find(run).isPresent()) {
      throw new RunRefused(
          Reason.STATE,
          "run %s is running; retry the task when it has ended".formatted(status.run()));
    }
    Set<String> after = views.planOf(run).descendants(task);
    restart(
        run,
        one ->
            one.task().equals(task)
                || (after.contains(one.task()) && one.state() != TaskState.COMPLETED)
                || !one.state().isOver());
  }

  @Override
  public void cancel(String run) {
    Optional<ActiveRun> there = active.find(run);
    if (there.isPresent()) {
      there.get().cancel();
    } else {
      elsewhere.cancel(known(run));
    }
  }

  @Override
  public void cancel(String run, String task) {
    RunStatus known = known(run);
    TaskStatus status =
        store.tasks(run).stream()
            .filter(one -> one.task().equals(task))
            .findFirst()
            .orElseThrow(() -> noSuchTask(run, task));
    Optional<ActiveRun> there = active.find(run);
    if (there.isEmpty()) {
      elsewhere.cancel(known, status);
    } else if (!there.get().cancel(task)) {
      throw Elsewhere.isOver(status);
    }
  }

  private static RunRefused noSuchTask(String run, String task) {
    return new RunRefused(Reason.UNKNOWN, "run %s has no task %s".formatted(run, task));
  }

  @Override
  public void answer(String run, String task, int number, String text, String by) {
    Optional<ActiveRun> there = active.find(run);
    if (there.isPresent()) {
      there.get().answers().answer(task, number, text, by);
    } else {
      elsewhere.answer(known(run), task, number, text, by);
    }
  }

  @Override
  public List<Cooldown> cooldowns() {
    parts.cooldowns().refresh();
    return parts.cooldowns().all();
  }

  @Override
  public boolean endCooldown(String account) {
    boolean rested = parts.cooldowns().end(account);
    if (rested) {
      tellAll(Kind.COOLDOWN, "account %s goes on".formatted(account));
      parts.bell().ring();
    }
    return rested;
  }

  private void tellAll(Kind kind, String text) {
    active.all().forEach(run -> run.publish(kind, "", text));
  }

  private void breakerChanged(BackendSettings backend, BreakerEvent event) {
    tellAll(
        Kind.BREAKER,
        "%s is %s: %s"
            .formatted(backend.name(), event.to().name().toLowerCase(Locale.ROOT), event.reason()));
  }

  @Override
  public List<RunStatus> runs(int most) {
    return store.runs(most).stream()
        .map(status -> active.find(status.run()).map(ActiveRun::status).orElse(status))
        .toList();
  }

  @Override
  public Map<String, Map<TaskState, Integer>> tallies(List<String> runs) {
    return views.tallies(runs, active::find);
  }

  @Override
  public Optional<RunView> view(String run) {
    return views.of(run, active.find(run));
  }

  @Override
  public Optional<String> result(String run, String task, int step) {
    return views.result(run, task, step);
  }

  @Override
  public List<String> log(String run, String task, int lines) {
    return parts.files().tail(run, task, lines);
  }

  @Override
  public Watch watch(String run, long after, Consumer<RunEvent> listener) {
    return active
        .find(run)
        .orElseThrow(() -> Elsewhere.refused(known(run)))
        .feed()
        .watch(after, listener);
  }

  /** The same, but listens to nothing if the run is over already. */
  public Watch watchOrEnd(String run, long after, Consumer<RunEvent> listener) {
    return active
        .find(run)
        .map(there -> there.feed().watch(after, listener))
        .orElseGet(() -> new RunFeed(run, time).watch(0, listener));
  }

  /**
   * Waits until a run is over, or this process has given it up.
   *
   * @return how it stands then
   */
  public RunStatus await(String run) throws InterruptedException {
    Optional<ActiveRun> there = active.find(run);
    if (there.isPresent()) {
      there.get().await();
    }
    return known(run);
  }

  @Override
  public void close() {
    List<ActiveRun> all = active.close();
    all.forEach(ActiveRun::interrupt);
    boolean interrupted = false;
    for (ActiveRun run : all) {
      try {
        run.await();
      } catch (InterruptedException hurried) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
