package dev.belay.server.store;

import dev.belay.proxy.BreakerStore;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Which breakers of one instance were not closed. */
final class SqlBreakerStore implements BreakerStore {
  private final Sql sql;

  SqlBreakerStore(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Set<String> open() {
    return sql.read(handle ->
        handle
            .select("select id from belay_open_breakers where instance = ?", sql.instance())
            .mapTo(String.class)
            .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public void save(Set<String> open) {
    sql.write(handle -> {
      handle.execute("delete from belay_open_breakers where instance = ?", sql.instance());
      try (PreparedBatch batch =
          handle.prepareBatch("insert into belay_open_breakers (instance, id) values (?, ?)")) {
        open.forEach(id -> batch.add(sql.instance(), id));
        batch.execute();
      }
    });
  }
}
