package dev.belay.flow.run;

import dev.belay.flow.TaskStatus;
import java.nio.file.Path;
import java.util.Optional;

/** Where the tasks of a run work. Safe for any number of threads. */
interface Workspace {

  /** What became of what a task wrote. */
  sealed interface Merged {
    /** It is where it belongs. */
    record Clean(String text) implements Merged {}

    /** It is kept, and a person has to look at it. */
    record Conflict(String text) implements Merged {}
  }

  /** A place for one task. */
  interface Place {
    /** The directory in which it works. */
    Path directory();

    /** The branch on which it works; empty if there is none. */
    String branch();
  }

  /** The place of a task; the one that it had, if it had one. */
  Place open(TaskStatus task) throws InterruptedException;

  /** The task is done: brings together what it wrote. */
  Merged finish(TaskStatus task, Place place) throws InterruptedException;

  /** The task will not be done: keeps what it wrote; says where, if there is anything. */
  Optional<String> keep(TaskStatus task, Place place) throws InterruptedException;

  /** One directory for all. */
  record Shared(Path directory) implements Workspace {
    @Override
    public Place open(TaskStatus task) {
      return new Plain(directory);
    }

    @Override
    public Merged finish(TaskStatus task, Place place) {
      return new Merged.Clean("");
    }

    @Override
    public Optional<String> keep(TaskStatus task, Place place) {
      return Optional.empty();
    }
  }

  /** A directory without a branch. */
  record Plain(Path directory) implements Place {
    @Override
    public String branch() {
      return "";
    }
  }
}
