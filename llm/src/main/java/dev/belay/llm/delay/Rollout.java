package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Check;
import dev.belay.Sha256;
import dev.belay.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Decides for whom the new waits are in force. The flag overrules the file; a key that is in at ten
 * percent is in at fifty; stages follow each other by themselves; what makes things worse is taken
 * back by itself. Safe for any number of threads.
 */
public final class Rollout {
  private static final int BUCKETS = 10_000;

  private final Supplier<DelaySettings> settings;
  private final Supplier<String> flag;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Course course;

  @GuardedBy("lock")
  private Arms arms = new Arms();

  /** In which way a call is handled. */
  public enum Mode {
    /** By the new waits. */
    ON,
    /** By the old ones; what the new ones would have done is put down. */
    SHADOW,
    /** By the old ones, and nothing else runs. */
    OFF
  }

  /** A plan, since when, and why it was halted; empty if it was not. */
  private record Course(RolloutPlan plan, Instant since, String halted) {}

  /**
   * A look at the rollout. Immutable.
   *
   * @param flag the switch from outside
   * @param enabled what the file says
   * @param percent in force now by the file
   * @param since when the first stage began
   * @param halted why it was taken back; empty if it was not
   * @param fresh how calls with the new waits did of late
   * @param baseline how the others did
   */
  public record State(
      Flag flag,
      boolean enabled,
      double percent,
      Instant since,
      String halted,
      Side fresh,
      Side baseline) {}

  /**
   * How calls did of late; counts fade, so that the recent past weighs more.
   *
   * @param calls that ended
   * @param errorRate the share that ended without an answer, 0 to 1; 0 without calls
   * @param p95 of their durations, rounded up by a twentieth; zero without calls
   */
  public record Side(double calls, double errorRate, Duration p95) {}

  /**
   * A rollout that begins now.
   *
   * @param settings asked for each call
   * @param flag the text of the switch, empty if it is not set; asked for each call
   * @throws IllegalArgumentException if the switch cannot be read
   */
  public Rollout(Supplier<DelaySettings> settings, Supplier<String> flag, Time time) {
    this.settings = requireNonNull(settings, "settings");
    this.flag = requireNonNull(flag, "flag");
    this.time = requireNonNull(time, "time");
    Flag checked = Flag.parse(flag.get());
    requireNonNull(checked, "checked");
    this.course = begin(settings.get().rollout());
  }

  /** The switch as the environment has it. */
  public static Supplier<String> environment() {
    return () -> Optional.ofNullable(System.getenv(Flag.NAME)).orElse("");
  }

  /**
   * How a call is handled.
   *
   * @param key the value of what the plan draws by: the id of a run, say
   */
  public Mode mode(String key) {
    Flag now = flag();
    if (now != Flag.UNSET) {
      return now == Flag.ON ? Mode.ON : Mode.OFF;
    }
    DelaySettings all = settings.get();
    if (!all.enabled()) {
      return Mode.OFF;
    }
    Course current = current(all.rollout());
    return current.halted.isEmpty() && isIn(current, key) ? Mode.ON : Mode.SHADOW;
  }

  private boolean isIn(Course current, String key) {
    double percent = percent(current);
    return percent >= 100 || (percent > 0 && bucket(current.plan, key) < percent * 100);
  }

  /**
   * The switch now. One that became unreadable while we run counts as off: somebody wanted
   * something.
   */
  public Flag flag() {
    try {
      return Flag.parse(flag.get());
    } catch (IllegalArgumentException unreadable) {
      return Flag.OFF;
    }
  }

  /**
   * Counts the end of a call, and halts the rollout if it makes things worse.
   *
   * @param mode how it was handled; {@link Mode#OFF} counts on the old side
   * @param failed whether it ended without an answer
   * @param took from its beginning to its end
   * @return whether it was this call that halted it
   */
  public boolean ended(Mode mode, boolean failed, Duration took) {
    lock.lock();
    try {
      arms.count(mode == Mode.ON, failed, took);
      Course now = course;
      Optional<String> worse = arms.worse(now.plan.halt());
      if (worse.isEmpty() || !now.halted.isEmpty()) {
        return false;
      }
      course = new Course(now.plan, now.since, worse.get());
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Stops it by hand; those who were in are back at the old waits with their next call. */
  public void halt(String reason) {
    Check.that(!reason.isBlank(), "reason must not be empty");
    lock.lock();
    try {
      course = new Course(course.plan, course.since, reason);
    } finally {
      lock.unlock();
    }
  }

  /** Goes on after a halt, from the first stage, and judges afresh. */
  public void resume() {
    lock.lock();
    try {
      course = begin(settings.get().rollout());
      arms = new Arms();
    } finally {
      lock.unlock();
    }
  }

  /** How it stands. */
  public State state() {
    DelaySettings all = settings.get();
    Course now = current(all.rollout());
    double percent = now.halted.isEmpty() ? percent(now) : 0;
    lock.lock();
    try {
      return new State(
          flag(), all.enabled(), percent, now.since, now.halted, arms.fresh(), arms.baseline());
    } finally {
      lock.unlock();
    }
  }

  /** Another plan begins anew; anything else in the file may change meanwhile. */
  private Course current(RolloutPlan plan) {
    Course now = course;
    if (now.plan.equals(plan)) {
      return now;
    }
    lock.lock();
    try {
      if (!course.plan.equals(plan)) {
        course = begin(plan);
        arms = new Arms();
      }
      return course;
    } finally {
      lock.unlock();
    }
  }

  private Course begin(RolloutPlan plan) {
    boolean given = !plan.start().equals(RolloutPlan.FIRST_USE);
    return new Course(plan, given ? plan.start() : time.instant(), "");
  }

  private double percent(Course now) {
    Duration age = Duration.between(now.since, time.instant());
    return now.plan.percentAfter(age.isNegative() ? Duration.ZERO : age);
  }

  /** 0 to 9,999, the same for the same salt and key on any machine. */
  static int bucket(RolloutPlan plan, String key) {
    int number = ByteBuffer.wrap(Sha256.of(plan.salt() + '\u0000' + key)).getInt();
    return (int) (Integer.toUnsignedLong(number) % BUCKETS);
  }
}
