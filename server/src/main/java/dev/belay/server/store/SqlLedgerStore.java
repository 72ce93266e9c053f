package dev.belay.server.store;

import dev.belay.ledger.HourRecord;
import dev.belay.ledger.LedgerStore;
import dev.belay.ledger.PeriodSum;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Hours and days of one instance. */
final class SqlLedgerStore implements LedgerStore {
  private static final String SAVE_HOUR =
      """
      insert into belay_hours (instance, hour, totals, latencies, details)
      values (?, ?, ?, ?, ?)
      on conflict (instance, hour) do update set
        totals = excluded.totals, latencies = excluded.latencies, details = excluded.details
      """;
  private static final String SAVE_DAY =
      """
      insert into belay_days (instance, day, totals, latencies) values (?, ?, ?, ?)
      on conflict (instance, day) do update set
        totals = excluded.totals, latencies = excluded.latencies
      """;
  private static final String DAY =
      "select day as at, totals, latencies from belay_days where instance = ? and day = ?";
  private static final String HOURS =
      """
      select hour as at, totals, latencies from belay_hours
      where instance = ? and hour >= ? and hour < ? order by hour
      """;

  /** In one statement, so that an hour that is being moved is seen in one place. */
  private static final String HOURS_AND_DAYS =
      """
      select hour as at, totals, latencies from belay_hours
      where instance = ? and hour >= ? and hour < ?
      union all
      select day as at, totals, latencies from belay_days where instance = ? and day >= ?
      """;

  private final Sql sql;
  private final LedgerJson json = new LedgerJson();

  SqlLedgerStore(Sql sql) {
    this.sql = sql;
  }

  @Override
  public void save(List<HourRecord> records) {
    sql.write(handle -> {
      try (PreparedBatch batch = handle.prepareBatch(SAVE_HOUR)) {
        for (HourRecord record : records) {
          batch.add(
              sql.instance(),
              record.hour().getEpochSecond(),
              json.totals(record.totals()),
              json.latencies(record.latencies()),
              json.details(record));
        }
        batch.execute();
      }
    });
  }

  @Override
  public List<HourRecord> load(Instant from) {
    String query =
        """
        select hour, totals, latencies, details from belay_hours
        where instance = ? and hour >= ? order by hour
        """;
    return sql.read(handle ->
        handle
            .select(query, sql.instance(), from.getEpochSecond())
            .map((row, context) ->
                json.hour(
                    Instant.ofEpochSecond(row.getLong("hour")),
                    row.getString("totals"),
                    row.getString("latencies"),
                    row.getString("details")))
            .list());
  }

  @Override
  public List<PeriodSum> hours(Instant from, Instant to) {
    return sql.read(handle -> hours(handle, from, to));
  }

  private List<PeriodSum> hours(Handle handle, Instant from, Instant to) {
    return sums(handle.select(HOURS, sql.instance(), from.getEpochSecond(), to.getEpochSecond()));
  }

  private List<PeriodSum> sums(Query query) {
    return query
        .map((row, context) ->
            new PeriodSum(
                Instant.ofEpochSecond(row.getLong("at")),
                json.totals(row.getString("totals")),
                json.latencies(row.getString("latencies"))))
        .list();
  }

  @Override
  public List<PeriodSum> days(Instant from, Instant to) {
    long first = from.truncatedTo(ChronoUnit.DAYS).getEpochSecond();
    List<PeriodSum> all =
        sql.read(handle ->
            sums(
                handle.select(
                    HOURS_AND_DAYS,
                    sql.instance(),
                    first,
                    to.getEpochSecond(),
                    sql.instance(),
                    first)));
    return PeriodSum.byDay(all);
  }

  @Override
  public void rollUp(Instant before, Instant forget) {
    sql.write(handle -> {
      List<PeriodSum> old = hours(handle, Instant.EPOCH, before);
      if (!old.isEmpty()) {
        moveToDays(handle, old);
        handle.execute(
            "delete from belay_hours where instance = ? and hour < ?",
            sql.instance(),
            before.getEpochSecond());
      }
      handle.execute(
          "delete from belay_days where instance = ? and day < ?",
          sql.instance(),
          forget.getEpochSecond());
    });
  }

  private void moveToDays(Handle handle, List<PeriodSum> hours) {
    List<PeriodSum> all = new ArrayList<>(hours);
    for (PeriodSum day : PeriodSum.byDay(hours)) {
      all.addAll(sums(handle.select(DAY, sql.instance(), day.at().getEpochSecond())));
    }
    try (PreparedBatch batch = handle.prepareBatch(SAVE_DAY)) {
      for (PeriodSum day : PeriodSum.byDay(all)) {
        batch.add(
            sql.instance(),
            day.at().getEpochSecond(),
            json.totals(day.totals()),
            json.latencies(day.latencies()));
      }
      batch.execute();
    }
  }
}
