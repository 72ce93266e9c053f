package dev.belay.server.store;

import dev.belay.chaos.inject.FaultPolicyStore;
import dev.belay.chaos.inject.PolicyDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The faults in force of one instance. */
final class SqlFaultPolicies implements FaultPolicyStore {
  private static final String SAVE =
      """
      insert into belay_fault_policies
        (instance, name, generation, created, ends, lease_ends, policy)
      values (?, ?, ?, ?, ?, ?, ?)
      on conflict (instance, name) do update set
        generation = excluded.generation, created = excluded.created, ends = excluded.ends,
        lease_ends = excluded.lease_ends, policy = excluded.policy
      """;

  private static final String STAND =
      """
      insert into belay_fault_standing (instance, version, halted) values (?, ?, ?)
      on conflict (instance) do update set version = excluded.version, halted = excluded.halted
      """;

  private final Sql sql;

  SqlFaultPolicies(Sql sql) {
    this.sql = sql;
  }

  @Override
  public List<Kept> policies() {
    return sql.read(handle ->
        handle
            .select(
                """
                select generation, created, ends, lease_ends, policy from belay_fault_policies
                where instance = ? order by name
                """,
                sql.instance())
            .map((row, context) -> kept(row))
            .list());
  }

  private static Kept kept(ResultSet row) throws SQLException {
    return new Kept(
        PolicyDocument.read(row.getString("policy")),
        row.getLong("generation"),
        instant(row.getLong("created")),
        maybe(row, "ends"),
        maybe(row, "lease_ends"));
  }

  private static Optional<Instant> maybe(ResultSet row, String column) throws SQLException {
    long nanos = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(instant(nanos));
  }

  private static Instant instant(long nanos) {
    long second = TimeUnit.SECONDS.toNanos(1);
    return Instant.ofEpochSecond(Math.floorDiv(nanos, second), Math.floorMod(nanos, second));
  }

  private static long nanos(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }

  private static @Nullable Long nanos(Optional<Instant> instant) {
    return instant.map(SqlFaultPolicies::nanos).orElse(null);
  }

  @Override
  public Standing standing() {
    return sql.read(handle ->
        handle
            .select(
                "select version, halted from belay_fault_standing where instance = ?",
                sql.instance())
            .map((row, context) -> new Standing(row.getLong("version"), row.getInt("halted") != 0))
            .findOne()
            .orElse(new Standing(0, false)));
  }

  @Override
  public void save(Kept kept, Standing standing) {
    String policy = PolicyDocument.json(kept.policy());
    sql.write(handle -> {
      handle.execute(
          SAVE,
          sql.instance(),
          kept.policy().name(),
          kept.generation(),
          nanos(kept.created()),
          nanos(kept.ends()),
          nanos(kept.leaseEnds()),
          policy);
      stand(handle, standing);
    });
  }

  private void stand(Handle handle, Standing standing) {
    handle.execute(STAND, sql.instance(), standing.version(), standing.halted() ? 1 : 0);
  }

  @Override
  public void remove(List<String> names, Standing standing) {
    sql.write(handle -> {
      for (String name : names) {
        handle.execute(
            "delete from belay_fault_policies where instance = ? and name = ?",
            sql.instance(),
            name);
      }
      stand(handle, standing);
    });
  }
}
