package dev.belay.chaos.inject;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.chaos.inject.FaultPolicyStore.Kept;
import dev.belay.chaos.inject.FaultPolicyStore.Standing;
import dev.belay.chaos.inject.PolicyRefused.Reason;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies that are in force, until they are taken back, their time is over, or nobody renews
 * their lease. A policy is written down before it comes into force; what takes faults away works
 * even while the store fails, because a moment of its end is written with it. Safe for any number
 * of threads.
 */
public final class FaultPolicies implements AutoCloseable {
  /** How long a policy with an owner stays in force without being renewed, unless it says so. */
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(15);

  /** How many policies may be in force at once. */
  public static final int MOST = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(FaultPolicies.class);

  private final FaultPolicyStore store;
  private final Time time;
  private final Executor executor;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Held while the store is written, too: what is in force and what is kept must not differ. */
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, RunningPolicy> inForce = new TreeMap<>();

  @GuardedBy("lock")
  private long version;

  @GuardedBy("lock")
  private boolean halted;

  @GuardedBy("lock")
  private boolean recalled;

  @GuardedBy("lock")
  private boolean closed;

  @GuardedBy("lock")
  private Time.@Nullable Timer alarm;

  /**
   * None in force yet; {@link #recall} takes up those that are kept.
   *
   * @param executor where policies end; may block
   */
  public FaultPolicies(FaultPolicyStore store, Time time, Executor executor) {
    this.store = store;
    this.time = time;
    this.executor = executor;
  }

  /**
   * All that is in force at one moment.
   *
   * @param version the number of the last change; grows over restarts, too
   * @param halted whether nothing may be put in force
   * @param policies in the order in which they are asked
   * @param dated the same, as data planes get them
   */
  public record Snapshot(
      long version, boolean halted, List<Kept> policies, List<RuleFeed.Dated> dated) {
    public Snapshot {
      policies = List.copyOf(policies);
      dated = List.copyOf(dated);
    }
  }

  /**
   * Takes up what an earlier process left; what ended meanwhile is forgotten. Happens by itself
   * before the first change, and only once.
   *
   * @throws UncheckedIOException if the store fails
   */
  public void recall() {
    lock.lock();
    try {
      takeUp();
    } finally {
      lock.unlock();
    }
    tell();
  }

  /** Before this nothing may be written, or what is kept would be lost. */
  @GuardedBy("lock")
  private void takeUp() {
    if (recalled) {
      return;
    }
    Standing standing = store.standing();
    List<Kept> left = store.policies();
    version = Math.max(version, standing.version());
    halted |= standing.halted();
    if (halted) {
      store.remove(names(left), new Standing(version, true));
    } else {
      left.forEach(kept -> inForce.put(kept.policy().name(), RunningPolicy.takenUp(kept, time)));
    }
    recalled = true;
    boolean unused = endWhatIsOver();
  }

  /**
   * Puts a policy in force, in place of one of the same name.
   *
   * @throws PolicyRefused if everything is halted, or there are too many
   * @throws UncheckedIOException if it could not be written down; nothing has changed then
   */
  public Kept put(Policy policy) {
    return change(policy, before -> {});
  }

  /**
   * Puts a policy in force that is not there yet.
   *
   * @throws PolicyRefused if there is one of that name, or its name or version is not right
   */
  public Kept create(Policy policy) {
    PolicyNames.checkName(policy.name());
    PolicyNames.checkVersion(policy.metadata().version());
    return change(
        policy,
        before -> {
          if (before.isPresent()) {
            throw new PolicyRefused(
                Reason.EXISTS, "policy '%s' already exists".formatted(policy.name()));
          }
        });
  }

  /**
   * Changes a policy that is there.
   *
   * @throws PolicyRefused if there is none, or its version is not greater than before
   */
  public Kept update(String name, Policy policy) {
    if (!policy.name().equals(name)) {
      throw new PolicyRefused(
          Reason.INVALID,
          "metadata.name must be '%s' as in the path, was '%s'".formatted(name, policy.name()));
    }
    return change(
        policy,
        before ->
            PolicyNames.checkGreater(
                policy.metadata().version(),
                before.orElseThrow(() -> missing(name)).policy().metadata().version()));
  }

  private static PolicyRefused missing(String name) {
    return new PolicyRefused(Reason.MISSING, "policy '%s' not found".formatted(name));
  }

  /** What has to hold of the policy that is there before. */
  @FunctionalInterface
  private interface Condition {
    void check(Optional<Kept> before);
  }

  private Kept change(Policy policy, Condition condition) {
    Kept kept;
    lock.lock();
    try {
      takeUp();
      boolean unused = endWhatIsOver();
      Optional<Kept> before =
          Optional.ofNullable(inForce.get(policy.name())).map(RunningPolicy::kept);
      condition.check(before);
      if (halted) {
        throw new PolicyRefused(
            Reason.HALTED, "all faults are halted; POST /v1/resume lets new ones in again");
      }
      if (before.isEmpty() && inForce.size() >= MOST) {
        throw new PolicyRefused(
            Reason.FULL, "%d policies are in force already; delete some first".formatted(MOST));
      }
      Instant now = time.instant();
      kept =
          new Kept(
              policy, version + 1, now, policy.life().map(now::plus), lease(policy).map(now::plus));
      store.save(kept, new Standing(version + 1, false));
      version++;
      inForce.put(policy.name(), RunningPolicy.begun(kept, lease(policy), time.nanos()));
      setAlarm();
    } finally {
      lock.unlock();
    }
    tell();
    return kept;
  }

  private static Optional<Duration> lease(Policy policy) {
    return policy.metadata().lease().isEmpty() && !policy.metadata().owner().isEmpty()
        ? Optional.of(DEFAULT_LEASE)
        : policy.metadata().lease();
  }

  /** The policy of a name that is in force. */
  public Optional<Kept> find(String name) {
    lock.lock();
    try {
      return running(name).map(RunningPolicy::kept);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Optional<RunningPolicy> running(String name) {
    long now = time.nanos();
    return Optional.ofNullable(inForce.get(name)).filter(running -> running.lasts(now));
  }

  /** All that is in force now. */
  public Snapshot snapshot() {
    lock.lock();
    try {
      long now = time.nanos();
      List<RunningPolicy> all =
          inForce.values().stream()
              .filter(running -> running.lasts(now))
              .sorted(Comparator.comparing(running -> running.kept().policy(), Policy.ORDER))
              .toList();
      return new Snapshot(
          version,
          halted,
          all.stream().map(RunningPolicy::kept).toList(),
          all.stream().map(running -> running.dated(now)).toList());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a policy back.
   *
   * @return whether there was one
   * @throws UncheckedIOException if the store fails; the policy is out of force all the same
   */
  public boolean delete(String name) {
    return end(kept -> kept.policy().name().equals(name), List.of(name)) > 0;
  }

  /**
   * Takes all policies of an owner back.
   *
   * @return how many there were
   */
  public int sweep(String owner) {
    return end(kept -> kept.policy().metadata().owner().equals(owner), List.of());
  }

  private static List<String> names(List<Kept> policies) {
    return policies.stream().map(kept -> kept.policy().name()).toList();
  }

  private int end(Predicate<Kept> which, List<String> alsoForget) {
    List<String> ended;
    lock.lock();
    try {
      takeUp();
      ended = names(inForce.values().stream().map(RunningPolicy::kept).filter(which).toList());
      List<String> forget = ended.isEmpty() ? alsoForget : ended;
      ended.forEach(inForce::remove);
      if (!ended.isEmpty()) {
        version++;
      }
      if (!forget.isEmpty()) {
        store.remove(forget, new Standing(version, halted));
      }
      setAlarm();
    } finally {
      lock.unlock();
      tell();
    }
    return ended.size();
  }

  /**
   * Takes everything back, and lets nothing in until {@link #resume}. Halting what is halted does
   * nothing.
   *
   * @return how many policies were in force
   */
  public int halt() {
    lock.lock();
    try {
      halted = true;
    } finally {
      lock.unlock();
    }
    return end(kept -> true, List.of(""));
  }

  /** Lets policies in again. */
  public void resume() {
    lock.lock();
    try {
      takeUp();
      store.remove(List.of(), new Standing(version, false));
      halted = false;
    } finally {
      lock.unlock();
    }
    tell();
  }

  /**
   * Renews the lease of a policy.
   *
   * @return until when it is in force now, unless it is renewed; none if it has no lease
   * @throws PolicyRefused if there is no such policy
   */
  public Optional<Instant> renew(String name) {
    Optional<Instant> until;
    lock.lock();
    try {
      takeUp();
      until = renew(running(name).orElseThrow(() -> missing(name)));
    } finally {
      lock.unlock();
    }
    tell(); // data planes end a policy by themselves when its lease is over
    return until;
  }

  /**
   * Renews the leases of all policies of an owner.
   *
   * @return how many there are
   */
  public int renewAll(String owner) {
    List<RunningPolicy> owned;
    lock.lock();
    try {
      takeUp();
      long now = time.nanos();
      owned =
          inForce.values().stream()
              .filter(running -> running.lasts(now))
              .filter(running -> running.kept().policy().metadata().owner().equals(owner))
              .toList();
      owned.forEach(this::renew);
    } finally {
      lock.unlock();
    }
    tell();
    return owned.size();
  }

  @GuardedBy("lock")
  private Optional<Instant> renew(RunningPolicy running) {
    Kept kept = running.kept();
    Optional<Duration> lease = lease(kept.policy());
    Optional<Instant> until = lease.map(time.instant()::plus);
    Kept renewed = new Kept(kept.policy(), kept.generation(), kept.created(), kept.ends(), until);
    store.save(renewed, new Standing(version, halted));
    inForce.put(kept.policy().name(), running.renewed(renewed, lease, time.nanos()));
    setAlarm();
    return until;
  }

  /** Whether nothing may be put in force. */
  public boolean isHalted() {
    lock.lock();
    try {
      return halted;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells of each change and each renewal from now on, on the thread that makes it; must not block.
   */
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  /** Tells no more. */
  public void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }

  private void ring() {
    boolean ended;
    lock.lock();
    try {
      ended = endWhatIsOver();
    } finally {
      lock.unlock();
    }
    if (ended) {
      tell();
    }
  }

  /** A store that fails does not keep a fault in force: it knows the moment of its end itself. */
  @GuardedBy("lock")
  private boolean endWhatIsOver() {
    long now = time.nanos();
    List<String> over =
        names(
            inForce.values().stream()
                .filter(running -> !running.lasts(now))
                .map(RunningPolicy::kept)
                .toList());
    if (!over.isEmpty()) {
      over.forEach(inForce::remove);
      version++;
      try {
        store.remove(over, new Standing(version, halted));
      } catch (UncheckedIOException later) {
        LOG.warn("policies that are over stay in the store for now: {}", later.getMessage());
      }
    }
    setAlarm();
    return !over.isEmpty();
  }

  @GuardedBy("lock")
  private void setAlarm() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
    long now = time.nanos();
    OptionalLong next =
        inForce.values().stream().flatMapToLong(running -> running.left(now).stream()).min();
    if (next.isPresent() && !closed) {
      alarm = time.after(Math.max(0, next.getAsLong()), executor, this::ring);
    }
  }

  /** Ends no policy any more; what is in force is taken up by the next process. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      setAlarm();
    } finally {
      lock.unlock();
    }
  }
}
