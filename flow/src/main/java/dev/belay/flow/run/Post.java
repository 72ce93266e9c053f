package dev.belay.flow.run;

import dev.belay.Time;
import dev.belay.flow.Question;
import dev.belay.flow.RunRefused;
import dev.belay.flow.TaskState;
import dev.belay.flow.journal.Request;
import dev.belay.flow.journal.RunStore;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into the store from time to time, as long as a run is carried out here: for what other
 * processes want of it, and to say that it is still taken.
 */
final class Post {
  private static final Logger LOG = LoggerFactory.getLogger(Post.class);
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Duration CLAIM = Duration.ofSeconds(30);
  private static final int BEATS = 10;

  private final RunStore store;
  private final Time time;
  private final String owner;
  private final Cooldowns cooldowns;
  private final Bell bell;

  Post(RunStore store, Time time, String owner, Cooldowns cooldowns, Bell bell) {
    this.store = store;
    this.time = time;
    this.owner = owner;
    this.cooldowns = cooldowns;
    this.bell = bell;
  }

  /** Takes a run for this process; false if another has it. */
  boolean claim(String run) {
    if (take(run)) {
      return true;
    }
    Optional<String> other = store.owner(run).filter(Owners::isGone);
    other.ifPresent(gone -> store.release(run, gone));
    return other.isPresent() && take(run);
  }

  private boolean take(String run) {
    return store.claim(run, owner, time.instant(), time.instant().plus(CLAIM));
  }

  void release(String run) {
    store.release(run, owner);
  }

  /** Begins to look after a run, until it is over. */
  void attend(ActiveRun run) {
    later(run, 1);
  }

  private void later(ActiveRun run, int beat) {
    var unused =
        time.after(
            EVERY.toNanos(),
            Thread::startVirtualThread,
            () -> {
              if (!run.isOver()) {
                look(run, beat);
                later(run, beat + 1);
              }
            });
  }

  private void look(ActiveRun run, int beat) {
    try {
      if (beat % BEATS == 0 && !claim(run.id())) {
        LOG.error("run {} was taken over by another process", run.id());
        run.interrupt();
        return;
      }
      for (Request request : store.takeRequests(run.id())) {
        obey(run, request);
      }
      if (run.tasks().stream().anyMatch(task -> task.state() == TaskState.ASKING)) {
        store.questions(run.id()).forEach(question -> pass(run, question));
      }
      if (cooldowns.refresh()) {
        bell.ring();
      }
    } catch (RuntimeException failing) {
      LOG.warn("run {}: the store cannot be read: {}", run.id(), failing.getMessage());
    }
  }

  private static void obey(ActiveRun run, Request request) {
    if (request.task().isEmpty()) {
      run.cancel();
    } else {
      var unused = run.cancel(request.task());
    }
  }

  private static void pass(ActiveRun run, Question question) {
    question
        .answer()
        .ifPresent(answer -> {
          try {
            run.answers().hear(question);
          } catch (RunRefused known) {
            // answered here meanwhile
          }
        });
  }
}
