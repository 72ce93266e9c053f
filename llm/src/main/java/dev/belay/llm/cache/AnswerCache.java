package dev.belay.llm.cache;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Check;
import dev.belay.Time;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.form.ResponseForm;
import dev.belay.llm.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers that stood, kept for requests that are equal in all that is sent. The newest are in
 * memory, up to a number and a size; the others only in the store behind it, if there is one. Safe
 * for any number of threads.
 */
public final class AnswerCache {
  private final Settings settings;
  private final CacheStore store;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();

  /** The one that was used last comes last. */
  @GuardedBy("lock")
  private final Map<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  @GuardedBy("lock")
  private long characters;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder shared = new LongAdder();
  private final LongAdder stores = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder failures = new LongAdder();

  private record Kept(LlmResponse answer, Instant expires, long characters) {}

  /**
   * How much is kept, and how long. Immutable.
   *
   * @param timeToLive of an answer, above 0
   * @param entries in memory at the most, 1 to 1,000,000
   * @param characters of their texts in memory at the most, 1,000 or more
   */
  public record Settings(Duration timeToLive, int entries, long characters) {
    /** An hour; 10,000 answers or 32 million characters. */
    public static final Settings DEFAULT = new Settings(Duration.ofHours(1), 10_000, 32_000_000);

    /** Rejects values out of range. */
    public Settings {
      Check.that(timeToLive.isPositive(), "time_to_live must be above 0, was %s", timeToLive);
      Check.that(
          entries >= 1 && entries <= 1_000_000, "entries must be 1 to 1000000, was %d", entries);
      Check.that(characters >= 1_000, "characters must be 1000 or more, was %d", characters);
    }
  }

  /**
   * Empty at first.
   *
   * @param store behind it; {@link CacheStore#NONE} for memory alone
   */
  public AnswerCache(Settings settings, CacheStore store, Time time) {
    this.settings = requireNonNull(settings, "settings");
    this.store = requireNonNull(store, "store");
    this.time = requireNonNull(time, "time");
  }

  /** By which equal requests are told. */
  public String key(LlmRequest request) {
    return CacheKey.of(request);
  }

  /** The answer to an equal request; counts nothing. May wait for the store. */
  public Optional<LlmResponse> find(String key) {
    Instant now = time.instant();
    lock.lock();
    try {
      Kept found = kept.get(key);
      if (found != null && now.isBefore(found.expires)) {
        return Optional.of(found.answer);
      }
      if (found != null) {
        remove(key);
      }
    } finally {
      lock.unlock();
    }
    return stored(key, now);
  }

  /** A store that fails is as good as none. */
  private Optional<LlmResponse> stored(String key, Instant now) {
    try {
      Optional<CacheStore.Entry> entry = store.find(key).filter(it -> now.isBefore(it.expires()));
      if (entry.isEmpty()) {
        return Optional.empty();
      }
      LlmResponse answer = ResponseForm.read(Json.parse(entry.get().answer()));
      remember(key, answer, entry.get().expires());
      return Optional.of(answer);
    } catch (RuntimeException unusable) {
      failures.increment();
      return Optional.empty();
    }
  }

  /** Keeps an answer that stood; one that is larger than all there is room for is not kept. */
  public void store(String key, LlmResponse answer) {
    Instant expires = time.instant().plus(settings.timeToLive);
    remember(key, answer, expires);
    stores.increment();
    try {
      store.put(key, new CacheStore.Entry(ResponseForm.write(answer).toString(), expires));
    } catch (RuntimeException unusable) {
      failures.increment();
    }
  }

  private void remember(String key, LlmResponse answer, Instant expires) {
    long size = (long) answer.raw().length() + answer.text().length() + key.length();
    if (size > settings.characters) {
      return;
    }
    lock.lock();
    try {
      remove(key);
      kept.put(key, new Kept(answer, expires, size));
      characters += size;
      while (kept.size() > settings.entries || characters > settings.characters) {
        remove(kept.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void remove(String key) {
    Kept gone = kept.remove(key);
    if (gone != null) {
      characters -= gone.characters;
    }
  }

  /** A request was answered from here. */
  public void hit() {
    hits.increment();
  }

  /** A request was not. */
  public void miss() {
    misses.increment();
  }

  /** A request took the answer of an equal one. */
  public void share() {
    shared.increment();
  }

  /** What was found does not pass today's checks. */
  public void reject() {
    stale.increment();
  }

  /** How often it was of use. */
  public CacheCounts counts() {
    return new CacheCounts(
        hits.sum(), misses.sum(), shared.sum(), stores.sum(), stale.sum(), failures.sum());
  }
}
