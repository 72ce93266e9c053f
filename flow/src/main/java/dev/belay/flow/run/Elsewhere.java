package dev.belay.flow.run;

import dev.belay.Time;
import dev.belay.flow.Change;
import dev.belay.flow.Question;
import dev.belay.flow.RunRefused;
import dev.belay.flow.RunRefused.Reason;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.journal.Request;
import dev.belay.flow.journal.RunStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is wished of runs that another process carries out, or none: word is left in the store, or
 * what has to be written is written here.
 */
final class Elsewhere {
  private final RunStore store;
  private final Post post;
  private final Journal journal;
  private final Time time;

  Elsewhere(RunStore store, Post post, Journal journal, Time time) {
    this.store = store;
    this.post = post;
    this.journal = journal;
    this.time = time;
  }

  /** Why something cannot be done with a run that is not carried out here. */
  static RunRefused refused(RunStatus run) {
    return new RunRefused(
        Reason.STATE,
        run.state().isOver()
            ? "run %s is over: %s".formatted(run.run(), run.state().name().toLowerCase(Locale.ROOT))
            : "run %s is carried out by another process".formatted(run.run()));
  }

  /** A task has ended, and cannot be stopped any more. */
  static RunRefused isOver(TaskStatus task) {
    return new RunRefused(Reason.STATE, "task %s is over".formatted(task.task()));
  }

  void cancel(RunStatus run) {
    String id = run.run();
    if (run.state().isOver()) {
      throw refused(run);
    }
    if (!post.claim(id)) {
      store.request(new Request(id, ""));
      return;
    }
    try { // nobody carries it out: its process is gone
      Instant now = time.instant();
      List<Change> changes = new ArrayList<>();
      for (TaskStatus task : store.tasks(id)) {
        if (!task.state().isOver()) {
          changes.add(task.over(TaskState.CANCELLED, "cancelled", now));
        }
      }
      changes.add(run.in(RunState.CANCELLED, "cancelled", Optional.of(now)));
      journal.commit(changes);
    } finally {
      post.release(id);
    }
  }

  void cancel(RunStatus run, TaskStatus task) {
    String id = run.run();
    if (task.state().isOver() || run.state().isOver()) {
      throw isOver(task);
    }
    if (post.claim(id)) {
      post.release(id);
      throw new RunRefused(
          Reason.STATE,
          "run %s is not carried out now; resume it, or cancel it as a whole".formatted(id));
    }
    store.request(new Request(id, task.task()));
  }

  void answer(RunStatus run, String task, int number, String text, String by) {
    Question question =
        store.questions(run.run()).stream()
            .filter(one -> one.task().equals(task) && one.number() == number)
            .findFirst()
            .orElseThrow(() ->
                new RunRefused(
                    Reason.UNKNOWN, "task %s has no question %d".formatted(task, number)));
    AnswerDesk.checkOpen(question, text);
    store.write(List.of(question.answered(text, by)));
  }
}
