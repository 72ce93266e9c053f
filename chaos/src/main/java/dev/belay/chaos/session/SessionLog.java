package dev.belay.chaos.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.chaos.Defect;
import dev.belay.chaos.Observation;
import dev.belay.chaos.guard.SafetyLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one session: written down first, then known here, then told. Safe for any number
 * of threads.
 */
final class SessionLog {
  private static final int RECENT = 10;

  private final String id;
  private final SessionSpec spec;
  private final Instant created;
  private final SessionStore store;
  private final ReentrantLock lock = new ReentrantLock();

  /** Things are known in the order in which they are written. */
  private final ReentrantLock writing = new ReentrantLock();

  private final List<Consumer<Entry>> watchers = new CopyOnWriteArrayList<>();

  @GuardedBy("lock")
  private final List<Entry> entries = new ArrayList<>();

  @GuardedBy("lock")
  private final List<Trial> trials = new ArrayList<>();

  @GuardedBy("lock")
  private final Deque<Duration> recent = new ArrayDeque<>();

  @GuardedBy("lock")
  private SessionState state = SessionState.PENDING;

  @GuardedBy("lock")
  private @Nullable Instant started;

  @GuardedBy("lock")
  private @Nullable Instant completed;

  @GuardedBy("lock")
  private Instant updated;

  @GuardedBy("lock")
  private @Nullable Trial best;

  @GuardedBy("lock")
  private double worst = Double.POSITIVE_INFINITY;

  @GuardedBy("lock")
  private double sum;

  @GuardedBy("lock")
  private int seen;

  @GuardedBy("lock")
  private @Nullable String stop;

  @GuardedBy("lock")
  private @Nullable String pause;

  @GuardedBy("lock")
  private List<Defect> defects = List.of();

  @GuardedBy("lock")
  private SessionView.Looks looks = SessionView.Looks.NONE;

  /** After how many trials the system was last seen to be well without a fault. */
  @GuardedBy("lock")
  private int well;

  SessionLog(String id, SessionSpec spec, Instant created, SessionStore store) {
    this.id = id;
    this.spec = spec;
    this.created = created;
    this.updated = created;
    this.store = store;
  }

  /** One that the store already has. */
  static SessionLog of(SessionStore.Saved saved, SessionStore store) {
    SessionLog log = new SessionLog(saved.id(), saved.spec(), saved.created(), store);
    log.lock.lock();
    try {
      saved.entries().forEach(log::take);
    } finally {
      log.lock.unlock();
    }
    return log;
  }

  String id() {
    return id;
  }

  SessionSpec spec() {
    return spec;
  }

  /**
   * Takes what happened next.
   *
   * @throws java.io.UncheckedIOException if it cannot be written down; then it did not happen
   */
  void add(Entry entry) {
    writing.lock();
    try {
      store.append(id, entry);
      know(entry);
    } finally {
      writing.unlock();
    }
  }

  /** Takes what another process has written meanwhile. */
  void catchUp() {
    writing.lock();
    try {
      store.entries(id, size()).forEach(this::know);
    } finally {
      writing.unlock();
    }
  }

  private int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  private void know(Entry entry) {
    lock.lock();
    try {
      take(entry);
    } finally {
      lock.unlock();
    }
    watchers.forEach(watcher -> watcher.accept(entry));
  }

  /**
   * Comes into another state.
   *
   * @throws StateException if it cannot come there from where it is
   */
  void move(SessionState next, Instant at, String reason) {
    writing.lock(); // or it could end between the look and the move
    try {
      SessionState from = state();
      if (!from.mayBecome(next)) {
        throw new StateException(
            from, "a session that is %s does not become %s".formatted(from, next));
      }
      add(new Entry.Moved(next, at, reason));
      if (next.isOver()) {
        store.release(id);
      }
    } finally {
      writing.unlock();
    }
  }

  /** What cannot be written down any more is at least known here. */
  void failUnwritten(Instant at, String reason) {
    know(new Entry.Moved(SessionState.FAILED, at, reason));
  }

  /** It may have ended without that being written down. */
  void endUnwritten(SessionView view) {
    if (!state().isOver()) {
      failUnwritten(view.times().updated(), view.note().stop().orElse(""));
    }
  }

  @GuardedBy("lock")
  private void take(Entry entry) {
    entries.add(entry);
    switch (entry) {
      case Entry.Moved moved -> {
        state = moved.state();
        updated = moved.at();
        if (moved.state() == SessionState.RUNNING && started == null) {
          started = moved.at();
        }
        if (moved.state().isOver()) {
          completed = moved.at();
        }
        if (!moved.reason().isEmpty()) {
          stop = moved.reason();
        }
      }
      case Entry.Done done -> takeTrial(done.trial());
      case Entry.Applying applying -> updated = applying.at();
      case Entry.Looked looked -> {
        updated = looked.at().plus(looked.took());
        looks = looks.and(looked);
        well = looked.broken().isPresent() ? well : looked.after();
      }
      case Entry.Safety safety -> {
        updated = safety.entry().at();
        SafetyLog.Kind kind = safety.entry().kind();
        boolean waits = kind == SafetyLog.Kind.HELD || kind == SafetyLog.Kind.PAUSED;
        if (waits || kind == SafetyLog.Kind.RECOVERED) {
          pause = waits ? safety.entry().detail() : null;
        }
      }
      case Entry.Found found -> defects = found.defects();
      case Entry.Healthy none -> {}
    }
  }

  @GuardedBy("lock")
  private void takeTrial(Trial trial) {
    trials.add(trial);
    updated = trial.begun().plus(trial.took());
    recent.addLast(trial.took());
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
    trial
        .seen()
        .ifPresent(result -> {
          double score = result.score().total();
          seen++;
          sum += score;
          worst = Math.min(worst, score);
          if (best == null || score > best.seen().orElseThrow().score().total()) {
            best = trial;
          }
        });
  }

  /** What the search has found so far; written down if it is not what was known before. */
  void found(List<Defect> all) {
    if (!all.equals(defects())) {
      add(new Entry.Found(all));
    }
  }

  private List<Defect> defects() {
    lock.lock();
    try {
      return defects;
    } finally {
      lock.unlock();
    }
  }

  /** Another process takes it up: whatever its guard waited for, the guard of this one looks. */
  void takenUp() {
    lock.lock();
    try {
      pause = null;
    } finally {
      lock.unlock();
    }
  }

  SessionState state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the guard waits for the system. */
  boolean isPaused() {
    lock.lock();
    try {
      return pause != null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether no trial had a higher score, and none before it had the same. */
  boolean isBest(Trial trial) {
    lock.lock();
    try {
      return trial.equals(best);
    } finally {
      lock.unlock();
    }
  }

  /** After how many trials the system was last seen to be well; 0 if that was before all. */
  int well() {
    lock.lock();
    try {
      return well;
    } finally {
      lock.unlock();
    }
  }

  /** How long all looks and trials took that are over. */
  Duration took() {
    lock.lock();
    try {
      Duration took = looks.took();
      Instant end = Instant.MIN;
      List<Trial> begun = new ArrayList<>(trials);
      begun.sort(Comparator.comparing(Trial::begun));
      for (Trial trial : begun) { // of those at a time, only the time counts that is not counted
        Instant until = trial.begun().plus(trial.took());
        Instant from = trial.begun().isAfter(end) ? trial.begun() : end;
        took = until.isAfter(from) ? took.plus(Duration.between(from, until)) : took;
        end = until.isAfter(end) ? until : end;
      }
      return took;
    } finally {
      lock.unlock();
    }
  }

  List<Trial> trials() {
    lock.lock();
    try {
      return List.copyOf(trials);
    } finally {
      lock.unlock();
    }
  }

  List<Observation> healthy() {
    lock.lock();
    try {
      return entries.stream()
          .filter(Entry.Healthy.class::isInstance)
          .map(entry -> ((Entry.Healthy) entry).observation())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  List<Entry> entries() {
    return entries(0);
  }

  List<Entry> entries(int from) {
    lock.lock();
    try {
      return List.copyOf(entries.subList(Math.min(from, entries.size()), entries.size()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells what happens from now on, after all that has happened is given to the same listener.
   *
   * @return ends it
   */
  Runnable watch(Consumer<Entry> watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /**
   * How it stands.
   *
   * @param spent how long it has run so far
   */
  SessionView view(Duration spent) {
    lock.lock();
    try {
      Optional<SessionView.Scores> scores =
          Optional.ofNullable(best).map(trial -> new SessionView.Scores(trial, worst, sum / seen));
      return new SessionView(
          id,
          spec,
          state,
          new SessionView.Times(
              created, Optional.ofNullable(started), Optional.ofNullable(completed), updated),
          new SessionView.Progress(trials.size(), trials.size() - seen, scores, left(spent), looks),
          new SessionView.Note(
              Optional.ofNullable(stop),
              state.isOver() ? Optional.empty() : Optional.ofNullable(pause)),
          defects);
    } finally {
      lock.unlock();
    }
  }

  /** The trials that are left at the pace of the last ten, or until the budget is spent. */
  @GuardedBy("lock")
  private Optional<Duration> left(Duration spent) {
    if (state.isOver() || recent.isEmpty()) {
      return Optional.empty();
    }
    Duration all = recent.stream().reduce(Duration.ZERO, Duration::plus);
    Duration trialsLeft =
        all.dividedBy((long) recent.size() * spec.parallel())
            .multipliedBy(Math.max(0, spec.trials() - trials.size()));
    Duration budgetLeft = spec.budget().minus(spent);
    Duration less = trialsLeft.compareTo(budgetLeft) < 0 ? trialsLeft : budgetLeft;
    return Optional.of(less.isNegative() ? Duration.ZERO : less);
  }
}
