package dev.belay.llm.review;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Check;
import dev.belay.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Reviews in memory, a bounded number of them: the oldest that are settled make room for new ones.
 * Lost with the process. Safe for any number of threads.
 */
public final class MemoryReviews implements ReviewQueue {
  private final Time time;
  private final Executor executor;
  private final RandomGenerator random;
  private final int capacity;
  private final ReviewNotifier notifier;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Place> places = new LinkedHashMap<>();

  /** An item, those who wait for it, and the end of its time. */
  private static final class Place {
    private ReviewItem item;
    private final CompletableFuture<ReviewItem> settled = new CompletableFuture<>();

    private Place(ReviewItem item) {
      this.item = item;
    }
  }

  /**
   * Empty at first.
   *
   * @param executor on which notifiers run, and items expire
   * @param random makes tickets; let nobody guess it where tickets give access
   * @param capacity the most items that are kept, 1 to 1,000,000
   */
  public MemoryReviews(
      Time time, Executor executor, RandomGenerator random, int capacity, ReviewNotifier notifier) {
    this.time = requireNonNull(time, "time");
    this.executor = requireNonNull(executor, "executor");
    this.random = requireNonNull(random, "random");
    this.capacity = capacity;
    this.notifier = requireNonNull(notifier, "notifier");
    Check.that(
        capacity >= 1 && capacity <= 1_000_000,
        "capacity must be 1 to 1,000,000, was %d",
        capacity);
  }

  @Override
  public ReviewItem park(ReviewCase parked, Duration timeToLive) {
    Check.that(timeToLive.isPositive(), "time_to_live must be more than 0, was %s", timeToLive);
    Instant now = time.instant();
    ReviewItem item;
    Place place;
    lock.lock();
    try {
      makeRoom(now);
      String ticket = "rev-%016x%016x".formatted(random.nextLong(), random.nextLong());
      item = new ReviewItem(ticket, now, now.plus(timeToLive), parked, new ReviewStatus.Open());
      place = new Place(item);
      places.put(ticket, place);
    } finally {
      lock.unlock();
    }
    Time.Timer timer = time.after(timeToLive.toNanos(), executor, () -> lookAgain(item.ticket()));
    CompletableFuture<ReviewItem> unused =
        place.settled.whenComplete((done, failure) -> timer.cancel());
    tell(item);
    return item;
  }

  @Override
  public Optional<ReviewItem> find(String ticket) {
    lock.lock();
    try {
      return Optional.ofNullable(places.get(ticket)).map(place -> place.item.at(time.instant()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ReviewItem decide(String ticket, Decision decision, String reviewer) {
    Place place;
    ReviewItem after;
    boolean changed;
    lock.lock();
    try {
      place = place(ticket);
      after = place.item.decided(decision, reviewer, time.instant());
      changed = !after.equals(place.item);
      place.item = after;
    } finally {
      lock.unlock();
    }
    settle(place, after, changed);
    return after;
  }

  @Override
  public ReviewPage list(ReviewFilter filter) {
    return ReviewPage.of(snapshot(), filter);
  }

  @Override
  public ReviewStats stats() {
    return ReviewStats.of(snapshot());
  }

  @Override
  public CompletionStage<ReviewItem> settled(String ticket) {
    lock.lock();
    try {
      // A copy, so that whoever cancels it cancels his own.
      return place(ticket).settled.copy();
    } catch (ReviewException unknown) {
      return CompletableFuture.failedFuture(unknown);
    } finally {
      lock.unlock();
    }
  }

  private void lookAgain(String ticket) {
    Place place;
    ReviewItem after;
    boolean changed;
    lock.lock();
    try {
      Place found = places.get(ticket);
      if (found == null) {
        return;
      }
      place = found;
      after = place.item.at(time.instant());
      changed = !after.equals(place.item);
      place.item = after;
    } finally {
      lock.unlock();
    }
    if (after.state() == ReviewState.OPEN) {
      // The wall clock was put back, or is behind the one that measures.
      Duration left = Duration.between(time.instant(), after.expires());
      time.after(Math.max(1_000_000, left.toNanos()), executor, () -> lookAgain(ticket));
      return;
    }
    settle(place, after, changed);
  }

  private void settle(Place place, ReviewItem item, boolean changed) {
    place.settled.complete(item);
    if (changed) {
      tell(item);
    }
  }

  private void tell(ReviewItem item) {
    executor.execute(() -> {
      try {
        notifier.changed(item);
      } catch (RuntimeException ignored) {
        // The review itself is safe; who was not told finds it in the list.
      }
    });
  }

  private List<ReviewItem> snapshot() {
    Instant now = time.instant();
    lock.lock();
    try {
      return places.values().stream().map(place -> place.item.at(now)).toList();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Place place(String ticket) {
    Place place = places.get(ticket);
    if (place == null) {
      throw ReviewException.unknown(ticket);
    }
    return place;
  }

  @GuardedBy("lock")
  private void makeRoom(Instant now) {
    if (places.size() < capacity) {
      return;
    }
    for (Map.Entry<String, Place> entry : places.entrySet()) {
      Place place = entry.getValue();
      if (place.item.at(now).state() != ReviewState.OPEN) {
        places.remove(entry.getKey());
        // Its timer finds nothing any more; those who wait for it must not wait forever.
        place.settled.complete(place.item.at(now));
        return;
      }
    }
    throw ReviewException.full(capacity);
  }
}
