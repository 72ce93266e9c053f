package dev.belay.flow.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.flow.Change;
import dev.belay.flow.Plan;
import dev.belay.flow.RunEvent.Kind;
import dev.belay.flow.RunStatus;
import dev.belay.flow.Spend;
import dev.belay.flow.Task;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final TaskGraph graph;
  private final Means means;
  private final AnswerDesk answers;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger working = new AtomicInteger();
  private final Runnable whenOver;

  @GuardedBy("lock")
  private final Map<String, Thread> threads = new LinkedHashMap<>();

  @GuardedBy("lock")
  private Spend spend;

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
    this.graph = new TaskGraph(id, plan, tasks);
    this.means = new Means(id, plan, parts);
  }

  /** Starts all that can start. */
  void start() {
    TaskGraph.Beginning beginning = graph.begin();
    note(status);
    // what ended before may have blocked others, and the process ended before that was written
    beginning.hindering().forEach(this::block);
    lock.lock();
    try {
      launch(beginning.ready().stream().filter(task -> !graph.isOver(task)).toList());
    } finally {
      lock.unlock();
    }
    endIfNothingIsLeft();
  }

  @GuardedBy("lock")
  private void launch(List<String> tasks) {
    for (String task : tasks) {
      launch(task);
    }
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
      new TaskRun(this, of(task), graph.now(task), memory.apply(task)).run();
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

  /** A task has ended; nothing of that is lost when this returns. */
  void finished(TaskDesk desk, TaskState end, String why) {
    desk.commit(List.of(), status -> status.over(end, why, parts.time().instant()));
    resolved(desk.task().id());
  }

  private void resolved(String task) {
    if (graph.hinders(task)) {
      block(task);
    }
    lock.lock();
    try {
      launch(graph.resolve(task));
    } finally {
      lock.unlock();
    }
    endIfNothingIsLeft();
  }

  private void block(String cause) {
    TaskGraph.Blocked blocked;
    lock.lock();
    try {
      blocked = graph.block(cause, threads.keySet(), parts.time().instant());
    } finally {
      lock.unlock();
    }
    if (blocked.changes().isEmpty()) {
      return;
    }
    commit(blocked.changes());
    lock.lock();
    try {
      launch(graph.released(blocked));
    } finally {
      lock.unlock();
    }
  }

  private void endIfNothingIsLeft() {
    lock.lock();
    try {
      boolean halted = stopping || cancelled;
      if (ended || working.get() > 0 || (graph.left() > 0 && !halted)) {
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
    RunEnd end = RunEnd.of(graph, cancelled, trouble);
    status =
        status.withSpend(spend).in(end.state(), end.why(), Optional.of(parts.time().instant()));
    means.close();
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
    List<TaskStatus> changes;
    lock.lock();
    try {
      cancelled = true;
      changes = graph.cancelWaiting(threads.keySet(), parts.time().instant());
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
      if (graph.isOver(task)) {
        return false;
      }
      Optional<Thread> thread = Optional.ofNullable(threads.get(task));
      if (thread.isPresent()) {
        thread.get().interrupt();
        return true;
      }
      after =
          Optional.of(
              graph.now(task).over(TaskState.CANCELLED, "cancelled", parts.time().instant()));
      graph.keep(after.get());
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

  Means means() {
    return means;
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
    return graph.now(task);
  }

  List<TaskStatus> tasks() {
    return graph.all();
  }

  FileClaim claim(TaskDesk desk) throws InterruptedException {
    if (desk.task().writes().isEmpty()) {
      return FileClaim.NONE;
    }
    desk.note(status -> status.in(TaskState.QUEUED, "waits for the files that it writes"));
    return claims.take(id, desk.task());
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
      graph.keep(task);
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

  /** What the prompt of a task may stand for. */
  Prompts.Results resultsFor(Task task, Optional<String> previous) {
    return new KnownResults(this, task, previous);
  }
}
