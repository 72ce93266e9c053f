package dev.belay.flow.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.flow.Change;
import dev.belay.flow.FailureMode;
import dev.belay.flow.Plan;
import dev.belay.flow.Question;
import dev.belay.flow.Role;
import dev.belay.flow.RunEvent.Kind;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.Spend;
import dev.belay.flow.Task;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.parity.BackoffV4;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that is being carried out. A task starts the moment its needs are resolved; what becomes of
 * it says what becomes of those that need it, and of nobody else. Safe for any number of threads.
 */
final class ActiveRun {
  private static final Logger LOG = LoggerFactory.getLogger(ActiveRun.class);

  private final String id;
  private final Plan plan;
  private final Parts parts;
  private final Workspace workspace;
  private final Function<String, TaskRun.Before> memory;
  private final Claims claims;
  private final RunFeed feed;
  private final Map<String, TaskStatus> statuses = new ConcurrentHashMap<>();
  private final Map<String, List<AgentEndpoint>> endpoints = new ConcurrentHashMap<>();
  private final AnswerDesk answers;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger working = new AtomicInteger();
  private final Runnable whenOver;

  @GuardedBy("lock")
  private final Map<String, Integer> open = new HashMap<>();

  @GuardedBy("lock")
  private final Map<String, Thread> threads = new LinkedHashMap<>();

  @GuardedBy("lock")
  private Spend spend;

  @GuardedBy("lock")
  private int left;

  @GuardedBy("lock")
  private boolean ended;

  private volatile RunStatus status;
  private volatile boolean stopping;
  private volatile boolean cancelled;
  private volatile String trouble = "";

  /** Takes files for tasks. */
  @FunctionalInterface
  interface Claims {
    /** Waits until a task may write what it says it writes. */
    FileClaim take(String run, Task task) throws InterruptedException;
  }

  ActiveRun(
      RunStatus status,
      Plan plan,
      List<TaskStatus> tasks,
      Parts parts,
      Workspace workspace,
      Claims claims,
      Function<String, TaskRun.Before> memory,
      Runnable whenOver) {
    this.id = status.run();
    this.plan = plan;
    this.status = status;
    this.parts = parts;
    this.workspace = workspace;
    this.claims = claims;
    this.memory = memory;
    this.whenOver = whenOver;
    this.feed = new RunFeed(id, parts.time());
    this.answers = new AnswerDesk(this);
    this.spend = status.spend();
    tasks.forEach(task -> statuses.put(task.task(), task));
    parts.slots().limit(room(), plan.limits().concurrency());
  }

  private String room() {
    return "run:" + id;
  }

  /** Starts all that can start. */
  void start() {
    List<String> ready = new ArrayList<>();
    List<String> overAlready = new ArrayList<>();
    lock.lock();
    try {
      for (String task : plan.order()) {
        TaskStatus now = now(task);
        if (now.state().isOver()) {
          overAlready.add(task);
          continue;
        }
        left++;
        int needs = 0;
        for (String need : of(task).needs()) {
          needs += now(need).state().isOver() ? 0 : 1;
        }
        open.put(task, needs);
        if (needs == 0) {
          ready.add(task);
        }
      }
    } finally {
      lock.unlock();
    }
    note(status);
    // what ended before may have blocked others, and the process ended before that was written
    overAlready.stream().filter(task -> hinders(of(task), now(task))).forEach(task -> block(task));
    lock.lock();
    try {
      for (String task : ready) {
        if (!now(task).state().isOver()) {
          launch(task);
        }
      }
    } finally {
      lock.unlock();
    }
    endIfNothingIsLeft();
  }

  @GuardedBy("lock")
  private void launch(String task) {
    if (stopping || cancelled) {
      return;
    }
    working.incrementAndGet();
    Thread thread =
        Thread.ofVirtual().name("task %s/%s".formatted(id, task)).unstarted(() -> carryOut(task));
    threads.put(task, thread);
    thread.start();
  }

  private void carryOut(String task) {
    try {
      new TaskRun(this, of(task), now(task), memory.apply(task)).run();
    } finally {
      lock.lock();
      try {
        threads.remove(task);
      } finally {
        lock.unlock();
      }
      if (working.decrementAndGet() == 0) {
        endIfNothingIsLeft();
      }
    }
  }

  private Task of(String task) {
    return plan.task(task);
  }

  private TaskStatus now(String task) {
    return statuses.getOrDefault(task, TaskStatus.waiting(id, task));
  }

  /** A task has ended; nothing of that is lost when this returns. */
  void finished(TaskDesk desk, TaskState end, String why) {
    desk.commit(List.of(), status -> status.over(end, why, parts.time().instant()));
    resolved(desk.task().id());
  }

  private void resolved(String task) {
    if (hinders(of(task), now(task))) {
      block(task);
    }
    lock.lock();
    try {
      left--;
      release(task);
    } finally {
      lock.unlock();
    }
    endIfNothingIsLeft();
  }

  @GuardedBy("lock")
  private void release(String task) {
    for (String next : plan.dependents(task)) {
      if (!now(next).state().isOver() && open.merge(next, -1, Integer::sum) == 0) {
        launch(next);
      }
    }
  }

  /** Whether those that need a task cannot run. */
  private static boolean hinders(Task task, TaskStatus status) {
    return switch (status.state()) {
      case FAILED, BLOCKED, CANCELLED -> task.failure() == FailureMode.HARD;
      case COMPLETED, SKIPPED, WAITING, QUEUED, RUNNING, RETRYING, PARKED, ASKING, MERGING -> false;
    };
  }

  /** All that cannot run because of a task, in one piece; each says why. */
  private void block(String cause) {
    Deque<String> todo = new ArrayDeque<>(List.of(cause));
    List<TaskStatus> changes = new ArrayList<>();
    List<String> free = new ArrayList<>();
    lock.lock();
    try {
      while (!todo.isEmpty()) {
        String from = todo.remove();
        for (String next : plan.dependents(from)) {
          TaskStatus before = now(next);
          if (before.state().isOver() || threads.containsKey(next)) {
            continue;
          }
          boolean skip = of(next).failure() == FailureMode.SKIP;
          TaskStatus after =
              before.over(
                  skip ? TaskState.SKIPPED : TaskState.BLOCKED,
                  "needs %s, which %s".formatted(from, words(now(from).state())),
                  parts.time().instant());
          statuses.put(next, after);
          changes.add(after);
          left--;
          (hinders(of(next), after) ? todo : free).add(next);
        }
      }
    } finally {
      lock.unlock();
    }
    if (changes.isEmpty()) {
      return;
    }
    commit(changes);
    lock.lock();
    try {
      for (String next : free) {
        release(next);
      }
    } finally {
      lock.unlock();
    }
  }

  private static String words(TaskState state) {
    return switch (state) {
      case FAILED -> "failed";
      case BLOCKED -> "is blocked";
      case CANCELLED -> "was cancelled";
      case COMPLETED, SKIPPED, WAITING, QUEUED, RUNNING, RETRYING, PARKED, ASKING, MERGING ->
          "is not done";
    };
  }

  private void endIfNothingIsLeft() {
    lock.lock();
    try {
      boolean halted = stopping || cancelled;
      if (ended || working.get() > 0 || (left > 0 && !halted)) {
        return;
      }
      ended = true;
      end();
    } finally {
      lock.unlock();
    }
    whenOver.run();
    over.countDown(); // who waited may take it up again at once
  }

  @GuardedBy("lock")
  private void end() {
    RunState state;
    String why;
    List<TaskStatus> all = List.copyOf(statuses.values());
    long bad = all.stream().filter(one -> hinders(of(one.task()), one)).count();
    if (cancelled) {
      state = RunState.CANCELLED;
      why = "cancelled";
    } else if (left > 0) {
      state = RunState.INTERRUPTED;
      why = trouble.isEmpty() ? "interrupted" : trouble;
    } else if (bad > 0) {
      state = RunState.FAILED;
      why = "%d of %d tasks are not done".formatted(bad, all.size());
    } else {
      state = RunState.COMPLETED;
      long soft = all.stream().filter(one -> one.state() == TaskState.FAILED).count();
      why = soft == 0 ? "" : "%d tasks failed, and hindered nobody".formatted(soft);
    }
    status = status.withSpend(spend).in(state, why, Optional.of(parts.time().instant()));
    parts.slots().remove(room());
    try {
      commit(List.of(status));
    } catch (Journal.JournalFailed failing) {
      LOG.error("the end of run {} is not written down: {}", id, failing.getMessage());
    }
  }

  /** Stops all tasks so that they can go on later; the threads end soon. */
  void interrupt() {
    stopping = true;
    interruptAll();
    endIfNothingIsLeft();
  }

  /** Stops all tasks for good. */
  void cancel() {
    List<TaskStatus> changes = new ArrayList<>();
    lock.lock();
    try {
      cancelled = true;
      statuses.forEach((task, now) -> {
        if (!now.state().isOver() && !threads.containsKey(task)) {
          TaskStatus after = now.over(TaskState.CANCELLED, "cancelled", parts.time().instant());
          changes.add(after);
        }
      });
      changes.forEach(after -> statuses.put(after.task(), after));
      left -= changes.size();
    } finally {
      lock.unlock();
    }
    commit(changes);
    interruptAll();
    endIfNothingIsLeft();
  }

  /** Stops one task; false if it is over. */
  boolean cancel(String task) {
    Optional<TaskStatus> after = Optional.empty();
    lock.lock();
    try {
      if (now(task).state().isOver()) {
        return false;
      }
      Optional<Thread> thread = Optional.ofNullable(threads.get(task));
      if (thread.isPresent()) {
        thread.get().interrupt();
        return true;
      }
      after = Optional.of(now(task).over(TaskState.CANCELLED, "cancelled", parts.time().instant()));
      statuses.put(task, after.get());
    } finally {
      lock.unlock();
    }
    commit(List.of(after.get()));
    resolved(task);
    return true;
  }

  private void interruptAll() {
    lock.lock();
    try {
      threads.values().forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }

  /** Nothing can be remembered: stops, so that nothing is done that would be forgotten. */
  void giveUp(Journal.JournalFailed failing) {
    LOG.error("run {} stops: {}", id, failing.getMessage());
    trouble = "%s; resume it when that is mended".formatted(failing.getMessage());
    stopping = true;
    interruptAll();
  }

  /** A task was left where it was. */
  void left() {
    endIfNothingIsLeft();
  }

  void logFault(Task task, RuntimeException broken) {
    LOG.error("task {} of run {} ended by a fault of our own", task.id(), id, broken);
  }

  /** Waits for its end, or for that of the process. */
  void await() throws InterruptedException {
    over.await();
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  boolean isStopping() {
    return stopping;
  }

  String id() {
    return id;
  }

  Plan plan() {
    return plan;
  }

  Parts parts() {
    return parts;
  }

  Workspace workspace() {
    return workspace;
  }

  RunFeed feed() {
    return feed;
  }

  AnswerDesk answers() {
    return answers;
  }

  RunStatus status() {
    return status.withSpend(spend());
  }

  TaskStatus task(String task) {
    return now(task);
  }

  List<TaskStatus> tasks() {
    return plan.tasks().keySet().stream().map(this::now).toList();
  }

  FileClaim claim(TaskDesk desk) throws InterruptedException {
    if (desk.task().writes().isEmpty()) {
      return FileClaim.NONE;
    }
    desk.note(status -> status.in(TaskState.QUEUED, "waits for the files that it writes"));
    return claims.take(id, desk.task());
  }

  Course course(Task task) {
    return plan.parity()
        .<Course>map(rules ->
            new ParityCourse(
                new BackoffV4(rules, parts.time(), parts.random()),
                endpoint -> parts.parity().of(endpoint, rules)))
        .orElseGet(() ->
            new MachineCourse(
                task.retry().orElse(plan.retry()), parts.patience(), parts.time(), parts.random()));
  }

  /** Those who can fill a role, the best first. */
  List<AgentEndpoint> endpoints(Role role) {
    return endpoints.computeIfAbsent(
        role.name(),
        name ->
            role.backends().stream()
                .map(backend -> parts.fleet().of(plan.backend(backend)))
                .toList());
  }

  Slots.Slot takeSlot(AgentEndpoint endpoint, int priority) throws InterruptedException {
    return parts.slots().take(room(), endpoint.room(), priority);
  }

  void succeeded(AgentEndpoint endpoint) {
    parts.slots().grow(endpoint.room());
  }

  void spent(Spend more) {
    lock.lock();
    try {
      spend = spend.plus(more);
    } finally {
      lock.unlock();
    }
  }

  Spend spend() {
    lock.lock();
    try {
      return spend;
    } finally {
      lock.unlock();
    }
  }

  void note(Change change) {
    keep(change);
    parts.journal().note(change);
    feed.changed(change);
  }

  void commit(List<? extends Change> changes) {
    parts.journal().commit(changes);
    changes.forEach(this::keep);
    changes.forEach(feed::changed);
  }

  private void keep(Change change) {
    if (change instanceof TaskStatus task) {
      statuses.put(task.task(), task);
    }
  }

  void publish(Kind kind, String task, String text) {
    feed.publish(kind, task, text);
  }

  void said(String task, String line) {
    parts.files().append(id, task, line);
    feed.publish(Kind.OUTPUT, task, line);
  }

  /** What a task came to, in the end. */
  Optional<String> resultOf(String task) {
    int last = plan.steps(of(task)).size() - 1;
    return parts.store().result(id, task, last).map(TaskResult::text);
  }

  void keepAnswer(Question question) {
    commit(List.of(question));
  }

  void publishQuestion(Question question) {
    answers.asked(question);
  }

  String awaitAnswer(Question question) throws StepFailed, InterruptedException {
    return answers.await(question);
  }

  /** What the prompt of a task may stand for. */
  Prompts.Results resultsFor(Task task, Optional<String> previous) {
    return new KnownResults(this, task, previous);
  }
}
