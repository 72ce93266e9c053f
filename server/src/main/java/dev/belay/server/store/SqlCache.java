package dev.belay.server.store;

import dev.belay.Time;
import dev.belay.llm.cache.CacheStore;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Cached answers of models, which all servers of a database share. What has expired goes while
 * others are put in. Throws {@link java.io.UncheckedIOException} while the database fails. Safe for
 * any number of threads.
 */
final class SqlCache implements CacheStore {
  private static final int CLEAN_EVERY = 100;
  private static final String PUT =
      """
      insert into belay_llm_cache (hash, expires, answer) values (?, ?, ?)
      on conflict (hash) do update set expires = excluded.expires, answer = excluded.answer
      """;

  private final Sql sql;
  private final Time time;
  private final AtomicInteger puts = new AtomicInteger();

  SqlCache(Sql sql, Time time) {
    this.sql = sql;
    this.time = time;
  }

  @Override
  public Optional<Entry> find(String key) {
    return sql.read(handle ->
        handle
            .select("select answer, expires from belay_llm_cache where hash = ?", key)
            .map((row, context) ->
                new Entry(row.getString("answer"), Instant.ofEpochMilli(row.getLong("expires"))))
            .findOne());
  }

  @Override
  public void put(String key, Entry entry) {
    boolean cleans = Math.floorMod(puts.getAndIncrement(), CLEAN_EVERY) == 0;
    long now = time.instant().toEpochMilli();
    sql.write(handle -> {
      if (cleans) {
        handle.execute("delete from belay_llm_cache where expires <= ?", now);
      }
      handle.execute(PUT, key, entry.expires().toEpochMilli(), entry.answer());
    });
  }
}
