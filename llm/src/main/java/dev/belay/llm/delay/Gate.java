package dev.belay.llm.delay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.http.RateAdvice;
import dev.belay.http.RateBucket;
import dev.belay.llm.ProviderError;
import dev.belay.llm.delay.WaitingLine.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What all callers pass that a provider counts together. When one of them is told to come back
 * later, the gate closes and the others queue here instead of running into the same refusal; when
 * it opens they pass one by one, ever faster. Safe for any number of threads.
 */
public final class Gate {
  private static final int MOST_BUCKETS = 32;
  private static final long MOST_PATIENCE_NANOS = Duration.ofDays(366).toNanos();
  private static final Admission AT_ONCE = new Admission.Granted(Duration.ZERO);

  private final GateKey key;
  private final GateRules rules;
  private final Time time;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final GateRhythm rhythm;

  @GuardedBy("lock")
  private final WaitingLine line = new WaitingLine();

  @GuardedBy("lock")
  private Time.@Nullable Timer timer;

  @GuardedBy("lock")
  private String why = "";

  private final Map<String, Long> remaining = new ConcurrentHashMap<>();

  /** True only while nobody waits and everybody may pass: then nobody needs the lock. */
  private volatile boolean free = true;

  Gate(GateKey key, GateRules rules, Time time, Executor executor) {
    this.key = key;
    this.rules = rules;
    this.time = time;
    this.executor = executor;
    this.rhythm = new GateRhythm(rules);
  }

  /**
   * A look at a gate. Immutable.
   *
   * @param key whose
   * @param closedFor how long it stays closed, zero if it is open
   * @param why it is closed, or was closed last; empty if it never was
   * @param waiting how many wait
   * @param gap between two callers; zero if everybody may pass
   * @param remaining what the provider last said is left of each of its allowances, by their names
   */
  public record State(
      GateKey key,
      Duration closedFor,
      String why,
      int waiting,
      Duration gap,
      Map<String, Long> remaining) {
    /** Keeps a copy. */
    public State {
      remaining = Map.copyOf(remaining);
    }
  }

  /** Whose gate it is. */
  public GateKey key() {
    return key;
  }

  /** How it stands. */
  public State state() {
    lock.lock();
    try {
      long now = time.nanos();
      Duration closedFor = Duration.ofNanos(rhythm.untilOpen(now));
      Duration gap = rhythm.isFree(now) ? Duration.ZERO : Duration.ofNanos((long) rhythm.gap());
      return new State(key, closedFor, why, line.size(), gap, remaining);
    } finally {
      lock.unlock();
    }
  }

  /** How long it stays closed from now on; zero if it is open. */
  public Duration closedFor() {
    if (free) {
      return Duration.ZERO;
    }
    lock.lock();
    try {
      return Duration.ofNanos(rhythm.untilOpen(time.nanos()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks to pass. The stage completes when it is this caller's turn, or at once with a refusal if
   * that is not within its patience, or too many wait. Cancel it through {@link
   * CompletionStage#toCompletableFuture} to leave the line at once.
   */
  public CompletionStage<Admission> enter(GateEntry entry) {
    if (free) {
      return CompletableFuture.completedStage(AT_ONCE);
    }
    lock.lock();
    try {
      return enterSlowly(entry);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits to pass, on this thread, which should be a virtual one.
   *
   * @throws InterruptedException if the thread is interrupted; it has left the line then
   */
  public Admission await(GateEntry entry) throws InterruptedException {
    CompletableFuture<Admission> stage = enter(entry).toCompletableFuture();
    try {
      return stage.get();
    } catch (InterruptedException interrupted) {
      stage.cancel(false);
      throw interrupted;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @GuardedBy("lock")
  private CompletionStage<Admission> enterSlowly(GateEntry entry) {
    long now = time.nanos();
    if (line.size() == 0 && rhythm.untilNext(now) == 0) {
      rhythm.pass(now);
      free = rhythm.isFree(now);
      return CompletableFuture.completedStage(AT_ONCE);
    }
    Waiter waiter = new Waiter(entry, now, this::leave);
    double expected = rhythm.untilTurn(line.ahead(entry.priority()), now);
    if (expected > waiter.patienceNanos) {
      return CompletableFuture.completedStage(refusal(why, expected));
    }
    if (line.size() >= rules.mostWaiting()) {
      String full = "%d wait already".formatted(line.size());
      return CompletableFuture.completedStage(refusal(full, expected));
    }
    line.add(waiter);
    if (waiter.patienceNanos < MOST_PATIENCE_NANOS) {
      waiter.wakeBy(time.after(waiter.patienceNanos, executor, () -> lostPatience(waiter)));
    }
    schedule(now);
    return waiter;
  }

  /** Others were faster, or the gate closed again: its turn did not come in time. */
  private void lostPatience(Waiter waiter) {
    Admission.Refused refusal;
    lock.lock();
    try {
      if (!line.remove(waiter)) {
        return;
      }
      long now = time.nanos();
      refusal = refusal(why, rhythm.untilTurn(line.ahead(waiter.entry.priority()), now));
      schedule(now);
    } finally {
      lock.unlock();
    }
    waiter.complete(refusal);
  }

  private void leave(Waiter waiter) {
    lock.lock();
    try {
      if (line.remove(waiter) && line.size() == 0) {
        schedule(time.nanos());
      }
    } finally {
      lock.unlock();
    }
  }

  private Admission.Refused refusal(String reason, double nanos) {
    Duration after = Duration.ofNanos((long) nanos);
    return new Admission.Refused(reason, after, time.instant().plus(after));
  }

  /**
   * Closes it for a while, longer if it is closed already. Those who wait and have less patience
   * than that are refused now.
   *
   * @param after how long, from now; nothing happens for 0 or less
   * @param reason for reports: the hint, say
   */
  public void close(Duration after, String reason) {
    if (!after.isPositive()) {
      return;
    }
    List<Waiter> refused;
    Admission.Refused refusal;
    lock.lock();
    try {
      long now = time.nanos();
      long length =
          Math.min(after.toSeconds(), Duration.ofDays(366).toSeconds()) * 1_000_000_000L
              + after.toNanosPart();
      if (!rhythm.close(now + length, now)) {
        return;
      }
      free = false;
      why = reason;
      refusal = refusal(reason, (double) length);
      refused = line.takeIf(waiter -> waiter.patienceLeft(now) < length);
      schedule(now);
    } finally {
      lock.unlock();
    }
    refused.forEach(waiter -> executor.execute(() -> waiter.complete(refusal)));
  }

  /**
   * Takes in what a provider said instead of an answer: closes after a rate limit, an overload and
   * an empty account, and speeds up less quickly if that was asked. Other errors change nothing.
   *
   * @param pause how long to close where there is no hint; zero leaves it open then
   */
  public void refused(ProviderError error, Duration pause) {
    boolean concernsAll =
        switch (error.kind()) {
          case RATE_LIMIT, OVERLOADED, QUOTA_EXHAUSTED -> true;
          case SERVER_ERROR,
              NETWORK,
              TIMEOUT,
              CONFLICT,
              STREAM_BROKEN,
              TRUNCATED,
              CONTEXT_OVERFLOW,
              AUTH,
              INVALID_REQUEST,
              CONTENT_BLOCKED,
              BAD_OUTPUT,
              GARBAGE,
              CIRCUIT_OPEN,
              CANCELLED ->
              false;
        };
    if (!concernsAll) {
      return;
    }
    if (error.code().equals("slow_down")) {
      slowDown();
    }
    boolean hinted = error.hint().isPresent();
    close(
        hinted ? error.hint().after() : pause,
        hinted ? error.hint().source() : error.kind().name());
  }

  /**
   * Takes in what an answer says, be it a success: closes if an allowance is used up, and learns
   * how quickly requests may follow each other.
   *
   * @param advice counted from now
   */
  public void learn(RateAdvice advice) {
    boolean isShort = false;
    for (RateBucket bucket : advice.buckets()) {
      isShort |= bucket.isShortOf(1);
      if (bucket.remaining().isPresent()
          && (remaining.size() < MOST_BUCKETS || remaining.containsKey(bucket.name()))) {
        remaining.put(bucket.name(), bucket.remaining().getAsLong());
      }
      if (bucket.name().equals("requests")) {
        learnGap(bucket);
      }
    }
    if (isShort) {
      close(advice.after(), advice.hintInFull().source());
    }
  }

  private void learnGap(RateBucket bucket) {
    long limit = bucket.limit().orElse(0);
    if (limit <= 0 || bucket.window().isZero()) {
      return;
    }
    lock.lock();
    try {
      rhythm.learn((double) bucket.window().toNanos() / limit);
    } finally {
      lock.unlock();
    }
  }

  /** Lets callers through less quickly when it opens, or from now on if it is open. */
  public void slowDown() {
    lock.lock();
    try {
      rhythm.slowDown(time.nanos());
    } finally {
      lock.unlock();
    }
  }

  /** Opens it now, whatever was heard: for operators. */
  public void open() {
    lock.lock();
    try {
      rhythm.open(time.nanos());
    } finally {
      lock.unlock();
    }
    release();
  }

  /** Whether nobody waits and everybody may pass. */
  boolean isIdle() {
    lock.lock();
    try {
      return line.size() == 0 && rhythm.isFree(time.nanos());
    } finally {
      lock.unlock();
    }
  }

  /** One timer for the next who may pass. */
  @GuardedBy("lock")
  private void schedule(long now) {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (line.size() > 0) {
      timer = time.after(rhythm.untilNext(now), executor, this::release);
    } else {
      free = rhythm.isFree(now);
    }
  }

  private void release() {
    List<Waiter> go = new ArrayList<>();
    long now;
    lock.lock();
    try {
      now = time.nanos();
      while (line.size() > 0 && rhythm.untilNext(now) == 0) {
        @Nullable Waiter next = line.next();
        if (next != null && !next.isDone()) {
          rhythm.pass(now);
          go.add(next);
        }
      }
      schedule(now);
    } finally {
      lock.unlock();
    }
    for (Waiter waiter : go) {
      Duration waited = Duration.ofNanos(now - waiter.sinceNanos);
      // each by itself: what a caller does next must not hold up the others
      executor.execute(() -> waiter.complete(new Admission.Granted(waited)));
    }
  }
}
