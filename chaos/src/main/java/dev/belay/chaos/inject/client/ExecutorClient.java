package dev.belay.chaos.inject.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.inject.Aim;
import dev.belay.chaos.inject.client.ExecutorException.Code;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client of a fault executor. Puts a plan in force, lets an observer look, and takes the plan
 * back, whatever happens meanwhile. Executors of this project take a plan as one unit; to published
 * ones, which know policies only, it speaks in policies. Safe for any number of threads.
 */
public final class ExecutorClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorClient.class);

  private final ExecutorSettings settings;
  private final GuardedWire wire;
  private final Runnable closing;
  private final Surroundings around;
  private final long salt;
  private final AtomicLong plans = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable FaultMode mode;

  @GuardedBy("lock")
  private Optional<Health> health = Optional.empty();

  @GuardedBy("lock")
  private Time.@Nullable Timer nextCheck;

  @GuardedBy("lock")
  private boolean closed;

  private record Health(boolean good, long atNanos) {}

  /**
   * What a client needs of its process.
   *
   * @param time for waits and timeouts
   * @param random where jitter and names come from; safe for any number of threads
   * @param executor where leases are renewed and health is checked; its tasks block
   */
  public record Surroundings(Time time, RandomGenerator random, Executor executor) {}

  /** A client that has asked nothing yet. */
  public ExecutorClient(ExecutorSettings settings, Surroundings around) {
    this(
        settings,
        around,
        new HttpWire(settings.base(), settings.token(), settings.patience().timeouts()));
  }

  private ExecutorClient(ExecutorSettings settings, Surroundings around, HttpWire http) {
    this(settings, around, http, http::close);
  }

  ExecutorClient(ExecutorSettings settings, Surroundings around, Wire wire, Runnable closing) {
    this.settings = settings;
    this.around = around;
    this.wire = new GuardedWire(wire, settings.patience(), around.time(), around.random());
    this.closing = closing;
    this.salt = around.random().nextLong() & 0xffff_ffffL;
  }

  /** This executor as a system to be tried. */
  public Target target(Observer observer, Duration timeout) {
    return target(observer, timeout, settings.aim());
  }

  /** The same, whose faults mean other requests than those of the settings. */
  public Target target(Observer observer, Duration timeout, Aim aim) {
    return plan -> {
      try {
        return applyAndObserve(plan, timeout, observer, aim);
      } catch (ExecutorException failure) {
        throw new TargetFailed("%s: %s".formatted(failure.code(), failure.getMessage()), failure);
      }
    };
  }

  /**
   * Tries a plan once. Its faults are gone when this returns or throws, unless it throws {@link
   * Code#FAULTS_LEFT}.
   *
   * @param timeout how long the observer may take
   * @throws ExecutorException if the executor did not do its part, so that nothing is known
   * @throws TargetFailed if the observer could not ask anything
   */
  public Observation applyAndObserve(FaultPlan plan, Duration timeout, Observer observer)
      throws ExecutorException, TargetFailed, InterruptedException {
    return applyAndObserve(plan, timeout, observer, settings.aim());
  }

  private Observation applyAndObserve(FaultPlan plan, Duration timeout, Observer observer, Aim aim)
      throws ExecutorException, TargetFailed, InterruptedException {
    if (plan.size() == 0) {
      return observer.observe(plan, timeout);
    }
    FaultMode how = mode(wire::call);
    wire.refuseIfOpen(); // or the faults, which cannot be there, would be taken back with patience
    String name = "%s-%08x-%d".formatted(settings.owner(), salt, plans.incrementAndGet());
    Applied applied = new Applied(lasting(plan), name, aim, around.time().nanos());
    Observation seen;
    Throwable failure = null;
    Renewal renewal = new Renewal(how, applied, settings.lease(), around);
    try {
      how.apply(applied);
      renewal.begin();
      how.settle(applied);
      if (applied.isOver(around.time().nanos())) {
        throw applied.gone("was over before anybody could look");
      }
      seen = observer.observe(plan, timeout);
    } catch (Throwable thrown) {
      failure = thrown;
      throw thrown;
    } finally {
      renewal.stop();
      remove(how, applied, failure);
    }
    renewal.refuseIfGone();
    return how.complete(seen, applied);
  }

  /** The plan with the wait before anybody looks added to its life. */
  private FaultPlan lasting(FaultPlan plan) throws ExecutorException {
    Duration life = plan.life().plus(settings.settle());
    if (life.compareTo(FaultPlan.LONGEST_LIFE) > 0) {
      throw new ExecutorException(
          Code.EXECUTOR_REFUSED,
          "duration_ms of the plan and settle must be at most %s together, were %s and %s"
              .formatted(FaultPlan.LONGEST_LIFE, plan.life(), settings.settle()),
          null);
    }
    return new FaultPlan(plan.faults(), life);
  }

  /** Goes on to its end, however often the thread is interrupted before and meanwhile. */
  private void remove(FaultMode how, Applied applied, @Nullable Throwable failure)
      throws ExecutorException {
    boolean interrupted = Thread.interrupted();
    boolean over = false;
    try {
      while (!over) {
        try {
          how.remove(applied);
          over = true;
        } catch (InterruptedException meanwhile) {
          interrupted = true; // it begins anew, without a wait
        }
      }
    } catch (ExecutorException left) {
      LOG.warn(
          "{}: {} may still be in force: {}", settings.owner(), applied.name(), left.getMessage());
      if (failure == null) {
        throw new ExecutorException(
            Code.FAULTS_LEFT,
            "%s could not be taken back and ends after %s at the latest: %s"
                .formatted(applied.name(), applied.plan().life(), left.getMessage()),
            left);
      }
      failure.addSuppressed(left);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** How something is asked. */
  @FunctionalInterface
  private interface Asking {
    Wire.Answer ask(Wire.Ask ask) throws ExecutorException, InterruptedException;
  }

  private FaultMode mode(Asking asking) throws ExecutorException, InterruptedException {
    Optional<FaultMode> known = knownMode();
    if (known.isPresent()) {
      return known.get();
    }
    Wire.Answer answer = asking.ask(Wire.Ask.get("/v1/faults"));
    FaultMode found =
        answer.isSuccess()
            ? new FaultsMode(wire, settings, around.time())
            : new PolicyMode(wire, settings, around.time());
    if (!answer.isSuccess() && answer.status() != 404 && answer.status() != 405) {
      Wire.Answer unused = Answers.good(answer); // a token is missing, say
    }
    lock.lock();
    try {
      mode = found;
    } finally {
      lock.unlock();
    }
    return found;
  }

  private Optional<FaultMode> knownMode() {
    lock.lock();
    try {
      return Optional.ofNullable(mode);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether the executor is well. Asks at most once in {@link Patience#health}; one that is not
   * well counts as a failed call.
   */
  public boolean checkHealth() throws InterruptedException {
    long now = around.time().nanos();
    lock.lock();
    try {
      Optional<Health> fresh =
          health.filter(known -> now - known.atNanos() < settings.patience().health().toNanos());
      if (fresh.isPresent()) {
        return fresh.get().good();
      }
    } finally {
      lock.unlock();
    }
    boolean good;
    try {
      good = wire.callOnce(Wire.Ask.get("/v1/health")).isSuccess();
    } catch (ExecutorException away) {
      good = false;
    }
    lock.lock();
    try {
      health = Optional.of(new Health(good, around.time().nanos()));
    } finally {
      lock.unlock();
    }
    return good;
  }

  /** What the last check of the health said; true before there was one. */
  public boolean wasWell() {
    lock.lock();
    try {
      return health.map(Health::good).orElse(true);
    } finally {
      lock.unlock();
    }
  }

  /** Checks the health now, and again each time what is known has grown old, until it is closed. */
  public void watchHealth() {
    lock.lock();
    try {
      if (!closed) {
        nextCheck = around.time().after(0, around.executor(), this::checkAndGoOn);
      }
    } finally {
      lock.unlock();
    }
  }

  private void checkAndGoOn() {
    try {
      if (!checkHealth()) {
        LOG.warn("the fault executor at {} is not well", settings.base());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return;
    }
    lock.lock();
    try {
      if (!closed) {
        nextCheck =
            around
                .time()
                .after(
                    settings.patience().health().toNanos(), around.executor(), this::checkAndGoOn);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes back all that this owner left, of earlier processes too.
   *
   * @throws ExecutorException if it is not known that nothing is left
   */
  public void sweep() throws ExecutorException, InterruptedException {
    mode(wire::insist).sweep();
  }

  /**
   * Whether the executor is a published one, which knows policies only. It is asked once if that is
   * not known; false as long as it does not answer.
   */
  public boolean isPublished() throws InterruptedException {
    try {
      return mode(wire::callOnce) instanceof PolicyMode;
    } catch (ExecutorException away) {
      LOG.debug("{}: not known of what kind {} is", settings.owner(), settings.base(), away);
      return false;
    }
  }

  /** What it has done so far. */
  public ExecutorMetrics metrics() {
    return wire.metrics();
  }

  /** Whether the executor failed so often that it is left alone for now. */
  public boolean isOpen() {
    return wire.isOpen();
  }

  /** Checks nothing any more. Plans that are in force are taken back by whoever applies them. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (nextCheck != null) {
        nextCheck.cancel();
      }
    } finally {
      lock.unlock();
    }
    closing.run();
  }
}
