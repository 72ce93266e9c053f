package dev.belay.server;

import dev.belay.flow.AttemptStatus;
import dev.belay.flow.Change;
import dev.belay.flow.Cooldown;
import dev.belay.flow.Message;
import dev.belay.flow.Question;
import dev.belay.flow.RunStatus;
import dev.belay.flow.SessionNote;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.journal.Request;
import dev.belay.flow.journal.RunStore;
import dev.belay.server.live.Flows.Ended;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A store that counts how attempts end, as they are written. Safe for any number of threads. */
final class CountedRuns implements RunStore {
  /** Plans choose the names of backends, and a series that is counted once is kept for good. */
  private static final int MOST_SERIES = 1_000;

  private final RunStore store;
  private final Map<Ended, Long> attempts = new ConcurrentHashMap<>();

  CountedRuns(RunStore store) {
    this.store = store;
  }

  /** How many attempts ended how. */
  Map<Ended, Long> attempts() {
    return Map.copyOf(attempts);
  }

  @Override
  public void write(List<Change> changes) {
    store.write(changes);
    for (Change change : changes) {
      if (change instanceof AttemptStatus attempt && attempt.ended().isPresent()) {
        attempt.outcome().ifPresent(outcome -> count(new Ended(attempt.backend(), outcome)));
      }
    }
  }

  private void count(Ended ended) {
    Ended series =
        attempts.size() < MOST_SERIES || attempts.containsKey(ended)
            ? ended
            : new Ended("others", ended.outcome());
    attempts.merge(series, 1L, Long::sum);
  }

  @Override
  public void begin(RunStatus run, String plan, List<TaskStatus> tasks) {
    store.begin(run, plan, tasks);
  }

  @Override
  public List<RunStatus> runs(int most) {
    return store.runs(most);
  }

  @Override
  public Optional<RunStatus> run(String run) {
    return store.run(run);
  }

  @Override
  public Optional<String> plan(String run) {
    return store.plan(run);
  }

  @Override
  public List<TaskStatus> tasks(String run) {
    return store.tasks(run);
  }

  @Override
  public Map<String, Map<TaskState, Integer>> tallies(List<String> runs) {
    return store.tallies(runs);
  }

  @Override
  public List<AttemptStatus> attempts(String run) {
    return store.attempts(run);
  }

  @Override
  public List<Question> questions(String run) {
    return store.questions(run);
  }

  @Override
  public List<Message> messages(String run, String task) {
    return store.messages(run, task);
  }

  @Override
  public List<SessionNote> sessions(String run) {
    return store.sessions(run);
  }

  @Override
  public Optional<TaskResult> result(String run, String task, int step) {
    return store.result(run, task, step);
  }

  @Override
  public boolean claim(String run, String owner, Instant now, Instant until) {
    return store.claim(run, owner, now, until);
  }

  @Override
  public Optional<String> owner(String run) {
    return store.owner(run);
  }

  @Override
  public void release(String run, String owner) {
    store.release(run, owner);
  }

  @Override
  public void request(Request request) {
    store.request(request);
  }

  @Override
  public List<Request> takeRequests(String run) {
    return store.takeRequests(run);
  }

  @Override
  public List<Cooldown> cooldowns() {
    return store.cooldowns();
  }

  @Override
  public void raise(Cooldown cooldown) {
    store.raise(cooldown);
  }

  @Override
  public void endCooldown(String account) {
    store.endCooldown(account);
  }
}
