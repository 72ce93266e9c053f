package dev.belay.server.live;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerEvent;
import dev.belay.Check;
import dev.belay.Time;
import dev.belay.llm.review.ReviewItem;
import dev.belay.llm.review.ReviewStatus;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What happens, as it happens. Keeps the last events in a ring, from which each reader takes them
 * at its own pace; one that is too slow misses some, and nobody waits for it. Safe for any number
 * of threads.
 */
public final class EventFeed {
  /** A breaker took an edge. */
  public static final String BREAKER = "breaker";

  /** A call is tried again. */
  public static final String RETRY = "retry";

  /** A call ended without a good answer. */
  public static final String CALL_FAILED = "call_failed";

  /** Proxies were added, changed or removed. */
  public static final String POOL = "pool";

  /** The policy for all requests that name none was changed. */
  public static final String POLICY = "policy";

  /** A call was parked for a person, or one of those was settled. */
  public static final String REVIEW = "review";

  private static final int KEPT = 2_000;

  private final Time time;
  private final String epoch;
  private final List<Runnable> readers = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** Each event at its number; guarded by the lock. */
  private final @Nullable Event[] ring;

  /** The number of the latest one; guarded by the lock. */
  private long latest;

  /** Keeps the last 2,000 events. */
  public EventFeed(Time time) {
    this(time, KEPT);
  }

  /**
   * Keeps as many as wanted.
   *
   * @param kept at least 1
   */
  public EventFeed(Time time, int kept) {
    Check.that(kept >= 1, "kept must be at least 1, was %d", kept);
    this.time = requireNonNull(time, "time");
    this.ring = new Event[kept];
    this.epoch = Long.toString(time.instant().toEpochMilli(), Character.MAX_RADIX);
  }

  /**
   * One event.
   *
   * @param number counted from 1 in each run
   * @param type one of the constants of the feed
   * @param at when, on the wall clock
   * @param data what there is to say; nobody changes it
   */
  public record Event(long number, String type, Instant at, JsonObject data) {}

  /**
   * What a reader gets.
   *
   * @param missed how many events had gone from the ring before it came for them
   * @param events the oldest first
   */
  public record Batch(long missed, List<Event> events) {}

  /** Adds an event and wakes the readers. */
  public void publish(String type, JsonObject data) {
    lock.lock();
    try {
      latest++;
      ring[slot(latest)] = new Event(latest, type, time.instant(), data);
    } finally {
      lock.unlock();
    }
    readers.forEach(Runnable::run);
  }

  /** Adds an edge that a breaker took. */
  public void publish(BreakerEvent edge) {
    publish(
        BREAKER,
        new JsonObject()
            .put("proxy_id", Jsons.proxyId(edge.breaker()))
            .put("proxy", edge.breaker())
            .put("from_state", Jsons.state(edge.from()))
            .put("to_state", Jsons.state(edge.to()))
            .put("failure_count", edge.failureCount())
            .put("reason", edge.reason()));
  }

  /** Adds a review that was parked or settled, without what it is about: that may be long. */
  public void publish(ReviewItem item) {
    @Nullable String reviewer =
        item.status() instanceof ReviewStatus.Decided decided ? decided.reviewer() : null;
    publish(
        REVIEW,
        new JsonObject()
            .put("ticket", item.ticket())
            .put("state", Jsons.word(item.state()))
            .put("tenant", item.parked().tenant())
            .put("reviewer", reviewer));
  }

  /**
   * The events after a number.
   *
   * @param most how many, at least 1
   */
  public Batch after(long number, int most) {
    lock.lock();
    try {
      long from = Math.max(latest - ring.length, number) + 1;
      long to = Math.min(latest, from + most - 1);
      List<Event> events = new ArrayList<>();
      for (long i = from; i <= to; i++) {
        Event event = ring[slot(i)];
        if (event != null) {
          events.add(event);
        }
      }
      return new Batch(from - number - 1, events);
    } finally {
      lock.unlock();
    }
  }

  private int slot(long number) {
    return (int) (number % ring.length);
  }

  /** The number of the latest event, 0 if there was none. */
  public long latest() {
    lock.lock();
    try {
      return latest;
    } finally {
      lock.unlock();
    }
  }

  /** What stands for an event's number outside: no two runs use the same. */
  public String id(long number) {
    return epoch + "-" + number;
  }

  /** The number behind such an id; 0 if it is of another run, or none at all. */
  public long number(String id) {
    String prefix = epoch + "-";
    String digits = id.startsWith(prefix) ? id.substring(prefix.length()) : "";
    boolean valid =
        !digits.isEmpty() && digits.length() <= 18 && digits.chars().allMatch(Character::isDigit);
    long number = valid ? Long.parseLong(digits) : 0;
    return number <= latest() ? number : 0;
  }

  /**
   * Calls {@code wake} after each event, on the thread that published it: it must be quick and must
   * not throw.
   */
  public void addReader(Runnable wake) {
    readers.add(wake);
  }

  /** Calls it no more. */
  public void removeReader(Runnable wake) {
    readers.remove(wake);
  }
}
