package dev.belay.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.Cooldown;
import dev.belay.flow.RunEngine;
import dev.belay.flow.RunRefused;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.backend.Backend;
import dev.belay.flow.journal.RunStore;
import dev.belay.flow.run.LocalEngine;
import dev.belay.process.Orphans;
import dev.belay.server.config.FlowConfig;
import dev.belay.server.live.Flows;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of runs over the store of the server. It is made when it is first needed and the store
 * is open: a store that comes late holds up nothing else. Safe for any number of threads.
 */
final class FlowRoom implements Flows, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlowRoom.class);
  private static final int MOST_COUNTED = 1_000;

  /** A process that was killed has its runs for half a minute; these rounds take longer. */
  private static final int ROUNDS = 6;

  static final Duration AGAIN = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final FlowConfig config;
  private final CountedRuns store;
  private final Time time;
  private final Function<BackendSettings, Backend> backends;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable LocalEngine engine;

  @GuardedBy("lock")
  private Time.@Nullable Timer next;

  @GuardedBy("lock")
  private boolean closed;

  /**
   * Reads nothing yet.
   *
   * @param backends makes a backend of its settings; throws {@link IllegalArgumentException} for
   *     what cannot be one
   */
  FlowRoom(
      FlowConfig config, RunStore store, Time time, Function<BackendSettings, Backend> backends) {
    this.config = config;
    this.store = new CountedRuns(store);
    this.time = time;
    this.backends = backends;
  }

  /** Goes on with runs that were interrupted, beside everything else. */
  void begin() {
    if (config.resume()) {
      later(Duration.ZERO, Optional.empty(), 0);
    }
  }

  private void later(Duration pause, Optional<List<String>> left, int round) {
    lock.lock();
    try {
      if (!closed) {
        next =
            time.after(
                pause.toNanos(),
                task -> Thread.ofVirtual().name("belay-flow").start(task),
                () -> resume(left, round));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Those that another process still seems to carry out are tried again. */
  private void resume(Optional<List<String>> found, int round) {
    if (round == 0 && found.isEmpty()) {
      sweep();
    }
    List<String> left;
    try {
      left = new ArrayList<>(found.isPresent() ? found.get() : interrupted());
      left.removeIf(this::isTakenUp);
    } catch (UncheckedIOException failing) {
      later(AGAIN, found, round); // the alarm says that the store fails
      return;
    }
    if (!left.isEmpty() && round < ROUNDS) {
      later(AGAIN, Optional.of(left), round + 1);
    }
  }

  /** What a dead process has left running would work beside its successor. */
  private void sweep() {
    try {
      Orphans.sweep(GRACE, time);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> interrupted() {
    return store.runs(Integer.MAX_VALUE).stream()
        .filter(run -> !run.state().isOver())
        .map(RunStatus::run)
        .toList();
  }

  /** Whether it need not be tried again. */
  private boolean isTakenUp(String run) {
    try {
      engine().resume(run);
      LOG.info("run {} goes on", run);
      return true;
    } catch (RunRefused taken) {
      return false;
    } catch (UncheckedIOException failing) {
      throw failing;
    } catch (RuntimeException broken) {
      LOG.error("run {} cannot go on: {}", run, broken.getMessage());
      return true;
    }
  }

  @Override
  public RunEngine engine() {
    lock.lock();
    try {
      LocalEngine there = engine;
      if (there == null) {
        if (closed) {
          throw new RunRefused(RunRefused.Reason.STATE, "the server stops; start it again first");
        }
        there = FlowDesk.engine(config, store, backends, time);
        engine = there;
      }
      return there;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Cooldown> cooldowns() {
    Instant now = time.instant();
    return store.cooldowns().stream()
        .filter(cooldown -> cooldown.until().isAfter(now))
        .sorted(Comparator.comparing(Cooldown::until))
        .toList();
  }

  @Override
  public Map<RunState, Long> runs() {
    Map<RunState, Long> counts = new EnumMap<>(RunState.class);
    store.runs(MOST_COUNTED).forEach(run -> counts.merge(run.state(), 1L, Long::sum));
    return counts;
  }

  @Override
  public Map<TaskState, Long> tasks() {
    Map<TaskState, Long> counts = new EnumMap<>(TaskState.class);
    for (RunStatus run : store.runs(MOST_COUNTED)) {
      if (run.state() == RunState.RUNNING) {
        for (TaskStatus task : store.tasks(run.run())) {
          counts.merge(task.state(), 1L, Long::sum);
        }
      }
    }
    return counts;
  }

  @Override
  public Map<Ended, Long> attempts() {
    return store.attempts();
  }

  /** Stops all runs so that they can go on later; the store must still be open. */
  @Override
  public void close() {
    LocalEngine there;
    lock.lock();
    try {
      closed = true;
      there = engine;
      if (next != null) {
        next.cancel();
      }
    } finally {
      lock.unlock();
    }
    if (there != null) {
      there.close();
    }
  }
}
