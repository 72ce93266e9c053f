package dev.belay.flow.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.flow.Plan;
import dev.belay.flow.Task;
import dev.belay.flow.lock.FileLocks;
import dev.belay.flow.lock.Held;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Files that tasks of any run may write, by the directory in which they work. A task takes its
 * files before its worktree begins, so that it starts from what the one before it has merged. Safe
 * for any number of threads.
 */
final class DirectoryLocks {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<Path, FileLocks> directories = new HashMap<>();

  /** The files of tasks that work in a directory. */
  ActiveRun.Claims in(Path directory) {
    FileLocks locks = of(directory.toAbsolutePath().normalize());
    return (run, task) -> {
      Held held = locks.acquire(run + "/" + task.id(), task.writes());
      return held::close;
    };
  }

  private FileLocks of(Path directory) {
    lock.lock();
    try {
      return directories.computeIfAbsent(directory, FileLocks::new);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether all paths of a plan can be locked.
   *
   * @throws IllegalArgumentException for one that is outside of the directory
   */
  static void check(Plan plan, Path directory) {
    for (Task task : plan.tasks().values()) {
      try (Held held = new FileLocks(directory).acquire(task.id(), task.writes())) {
        var unused = held.owner();
      } catch (InterruptedException given) {
        Thread.currentThread().interrupt();
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(
            "tasks.%s.writes: %s".formatted(task.id(), wrong.getMessage()), wrong);
      }
    }
  }
}
