package dev.belay.flow.worktree;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The worktrees of one repository. Safe for any number of threads, and beside other processes that
 * use the repository; but only one thread at a time may use one {@link Worktree}, and no agent may
 * be at work in it meanwhile, except in what {@link #create} hands out.
 *
 * <p>Nothing that an agent did is ever deleted before it is merged: what is uncommitted is
 * committed first, and branches with unmerged work are kept. The user's checkout and index are
 * never touched: merges are built in the object store, and go to a branch that nobody has checked
 * out. By default that is {@code belay/<run>/merged}, one for each run; it begins at what the user
 * had checked out, on a branch or not, and is the user's to merge.
 */
public final class Worktrees {
  private static final String LEFT = "agent left uncommitted changes";

  /** Each try that fails is one in which somebody else has merged. */
  private static final int MOST_TRIES = 50;

  private final Repository repository;
  private final WorktreeSettings settings;
  private final Place place;
  private final Registry registry;
  private final Saving saving;
  private final Landing landing;
  private final Removal removal;

  private Worktrees(Repository repository, WorktreeSettings settings, Place place) {
    this.repository = repository;
    this.settings = settings;
    this.place = place;
    this.registry = new Registry(place.common());
    this.saving = new Saving(repository);
    this.landing = new Landing(repository, MOST_TRIES);
    this.removal = new Removal(repository, saving, landing);
  }

  /**
   * Opens the repository that {@code path} is in.
   *
   * @param path its working copy, or a directory inside it
   * @throws WorktreeException if there is none that can be used: none at all, a bare one, one
   *     without commits, no git or one before 2.39, or a target that is missing or checked out
   */
  public static Worktrees open(Path path, WorktreeSettings settings)
      throws WorktreeException, InterruptedException {
    return open(new Git("git"), path, settings);
  }

  static Worktrees open(Git git, Path path, WorktreeSettings settings)
      throws WorktreeException, InterruptedException {
    Repository repository = Repository.open(git, path);
    Worktrees worktrees = new Worktrees(repository, settings, Place.of(repository, settings));
    if (settings.target().isPresent()) {
      worktrees.namedTarget(settings.target().orElseThrow());
    }
    return worktrees;
  }

  /** Where the user's working copy begins. */
  public Path top() {
    return repository.top();
  }

  /**
   * Says to which branch the work of a run goes. The first call for a run makes that branch if none
   * was named; further calls, also from later processes, find it.
   */
  @CanIgnoreReturnValue
  public String begin(String run) throws WorktreeException, InterruptedException {
    if (settings.target().isPresent()) {
      return namedTarget(settings.target().orElseThrow());
    }
    String target = targetName(run);
    if (repository.tip(target).isEmpty()) {
      String head =
          repository
              .commit("HEAD")
              .orElseThrow(() -> new WorktreeException("no commit is checked out any more"));
      // Whoever else begins the same run at this moment may win.
      var update = new Repository.RefUpdate("refs/heads/" + target, head, Repository.none(head));
      GitOutput made = repository.update(List.of(update));
      if (repository.tip(target).isEmpty()) {
        throw new WorktreeException(
            "could not make branch %s: %s".formatted(target, made.errors().strip()));
      }
    }
    return target;
  }

  private String targetName(String run) {
    return settings.target().orElse("belay/" + RefNames.component(run) + "/" + RefNames.MERGED);
  }

  private String namedTarget(String target) throws WorktreeException, InterruptedException {
    if (!repository.isBranchName(target) || repository.tip(target).isEmpty()) {
      throw new WorktreeException(
          "there is no branch '%s' to merge into; make it with 'git branch', or name another 'target'"
              .formatted(target));
    }
    landing.refuseCheckedOut(target);
    return target;
  }

  /**
   * Makes a worktree that starts at what the target holds at this moment, and so sees all work that
   * has been merged. What an earlier attempt at the task left in the same place is committed to its
   * own branch first.
   *
   * @param run any text, as are the others
   * @param attempt from 1; each only once
   * @param bases branches of other tasks that must be in it too; those which are in the target
   *     already add nothing, others (of tasks that are not merged) are joined to it
   * @throws WorktreeException also if {@code bases} are in conflict with each other
   */
  public Worktree create(String run, String task, int attempt, List<String> bases)
      throws WorktreeException, InterruptedException {
    Attempt id = new Attempt(run, task, attempt);
    String target = begin(run);
    String start = new Start(repository, landing).of(target, bases);
    Path directory = place.of(id);
    try {
      vacate(directory);
      freeBranch(id, target);
      // The branch in a step of its own, for git would make it in one that may be stopped half-way.
      repository.set(
          new Repository.RefUpdate("refs/heads/" + id.branch(), start, Repository.none(start)));
      repository.run("worktree", "add", "-f", "--", directory.toString(), id.branch());
      Worktree made =
          new Worktree(
              run,
              task,
              attempt,
              directory,
              Place.gitDirectory(directory),
              id.branch(),
              target,
              start);
      registry.add(made);
      return made;
    } catch (IOException e) {
      throw new WorktreeException(
          "could not make a worktree in %s: %s".formatted(directory, e.getMessage()), e);
    }
  }

  /** The latest worktree of a task that is still there, to go on in. */
  public Optional<Worktree> find(String run, String task) throws WorktreeException {
    try {
      return registry.all().stream()
          .filter(one -> one.run().equals(run) && one.task().equals(task))
          .filter(one -> Files.isDirectory(one.directory()))
          .max(Comparator.comparingInt(Worktree::attempt));
    } catch (IOException e) {
      throw new WorktreeException("cannot read which worktrees there are: " + e.getMessage(), e);
    }
  }

  /** Makes room where an earlier attempt was. */
  private void vacate(Path directory) throws WorktreeException, InterruptedException, IOException {
    if (!Directories.isTaken(directory)) {
      return;
    }
    Optional<String> refusal = Optional.of("it is no worktree of belay");
    for (Worktree earlier : registry.all()) {
      if (earlier.directory().equals(directory)) {
        saving.save(earlier, LEFT);
        refusal = removal.removeDirectory(earlier);
      }
    }
    // One without a note was never handed out.
    if (repository.workingTrees().stream().anyMatch(listed -> isOurs(listed, directory))) {
      refusal = removal.unlist(directory);
    }
    if (refusal.isPresent()) {
      throw new WorktreeException(
          "%s is in the way: %s; move it elsewhere".formatted(directory, refusal.orElseThrow()));
    }
  }

  private static boolean isOurs(Repository.Listed listed, Path directory) {
    return Path.of(listed.directory()).equals(directory) && listed.branch().startsWith("belay/");
  }

  /** A branch that was made just before its maker was stopped holds no work, and is no obstacle. */
  private void freeBranch(Attempt id, String target)
      throws WorktreeException, InterruptedException {
    Optional<String> tip = repository.tip(id.branch());
    if (tip.isPresent()) {
      String targetTip = repository.tip(target).orElseThrow();
      boolean empty = repository.contains(targetTip, tip.orElseThrow());
      if (!empty || !removal.deleteBranch(id.branch(), tip.orElseThrow())) {
        throw new WorktreeException(
            "%s already has a branch with work on it, %s; count attempts on"
                .formatted(id, id.branch()));
      }
    }
  }

  /**
   * Commits what is uncommitted in a worktree, untracked files too, except what {@code .gitignore}
   * names. It does so whatever state the agent left: an index that a dead program has locked, a
   * merge or rebase half-way, another branch or none. Commits that are not on the task's branch get
   * there if that only adds to it; otherwise a ref below {@code refs/belay/kept/} holds what would
   * be lost. Never signs; commits as "belay" if git does not know the user.
   *
   * @param message of the commit
   */
  @CanIgnoreReturnValue
  public Leftovers commitLeftovers(Worktree worktree, String message)
      throws WorktreeException, InterruptedException {
    return saving.save(worktree, requireNonNull(message, "message"));
  }

  /**
   * Brings the work into the target, after committing what is uncommitted. It may be repeated after
   * any failure: what has arrived does not arrive again. When the target moves meanwhile, it begins
   * again, up to 50 times.
   *
   * @throws WorktreeException also if somebody has checked the target out
   * @throws InterruptedException if the thread was interrupted; then it either arrived whole or not
   *     at all, and the branch is kept
   */
  public MergeResult merge(Worktree worktree, MergeStrategy strategy, Favour favour)
      throws WorktreeException, InterruptedException {
    requireNonNull(favour, "favour");
    saving.save(worktree, LEFT);
    return switch (strategy) {
      case NONE -> new MergeResult.LeftOnBranch(worktree.branch());
      case MERGE, SQUASH, REBASE -> landing.land(worktree, strategy, favour);
    };
  }

  /**
   * Removes directory and branch if all that is in them has been merged. Otherwise both are kept,
   * and the answer says why; what was uncommitted is committed in either case.
   */
  public Cleanup cleanup(Worktree worktree) throws WorktreeException, InterruptedException {
    saving.save(worktree, LEFT);
    return removal.ifMerged(worktree);
  }

  /**
   * Clears up after a run that has no living process: what is uncommitted is committed, directories
   * go, and so do branches that are merged. Branches with work that is not merged are kept.
   *
   * @return one answer for each branch of a task that there was
   */
  public List<Cleanup> prune(String run) throws WorktreeException, InterruptedException {
    List<Cleanup> done = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    try {
      for (Worktree worktree : registry.all()) {
        if (worktree.run().equals(run)) {
          saving.save(worktree, LEFT);
          done.add(removal.keepingBranch(worktree));
          seen.add("refs/heads/" + worktree.branch());
        }
      }
    } catch (IOException e) {
      throw new WorktreeException("cannot read which worktrees there are: " + e.getMessage(), e);
    }
    String target = targetName(run);
    String branches = "refs/heads/belay/" + RefNames.component(run) + "/";
    for (String ref : repository.refs(branches).toList()) {
      if (!ref.equals(branches + RefNames.MERGED) && !seen.contains(ref)) {
        done.add(removal.branch(ref.substring("refs/heads/".length()), target));
      }
    }
    return done;
  }

  /**
   * {@link #prune Clears up} after all runs of which nothing will be done any more.
   *
   * @param isDead whether a run has no living process and will not be resumed
   */
  public List<Cleanup> pruneAll(Predicate<String> isDead)
      throws WorktreeException, InterruptedException {
    Set<String> dead = new TreeSet<>();
    try {
      registry.all().stream().map(Worktree::run).filter(isDead).forEach(dead::add);
    } catch (IOException e) {
      throw new WorktreeException("cannot read which worktrees there are: " + e.getMessage(), e);
    }
    List<Cleanup> done = new ArrayList<>();
    for (String run : dead) {
      done.addAll(prune(run));
    }
    return done;
  }

  /**
   * Drops what is remembered of the merges of a run, below {@code refs/belay/landed/}. For runs of
   * which no branch is to be merged or cleaned up any more.
   */
  public void forget(String run) throws WorktreeException, InterruptedException {
    for (String ref :
        repository.refs("refs/belay/landed/" + RefNames.component(run) + "/").toList()) {
      repository.run("update-ref", "-d", ref);
    }
  }

  /**
   * Looks at the user's own working copy, without touching it. Before a run it tells what no task
   * will see, afterwards with {@link #leaked} what got into it.
   */
  public Checkout checkout() throws WorktreeException, InterruptedException {
    return Checkouts.look(repository);
  }

  /** Files of the user's working copy that changed since {@code before}; "HEAD" if that moved. */
  public List<String> leaked(Checkout before) throws WorktreeException, InterruptedException {
    return checkout().changedSince(before);
  }
}
