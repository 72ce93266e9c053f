package dev.belay.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables, and how they come to be as this program needs them. */
final class Schema {
  /** The number of the last file of migrations. */
  static final int VERSION = 5;

  private static final String HISTORY = "belay_schema_history";

  private Schema() {}

  /**
   * Brings the tables up to date. If they are, which is nearly always, that costs two queries: what
   * knows how to migrate is not even loaded.
   *
   * @throws StoreRefused if they are newer than this program
   */
  static void update(Place place, DataSource source) throws StoreRefused, SQLException {
    int found = version(place, source);
    if (found > VERSION) {
      throw new StoreRefused(
          "%s was written by a newer belay (schema %d, this one knows %d); run that one, or give"
                  .formatted(place.name(), found, VERSION)
              + " this one another store.url");
    }
    if (found < VERSION) {
      migrate(source);
    }
  }

  /** Whether nothing need be done, which is nearly always. */
  static boolean isCurrent(Place place, DataSource source) throws SQLException {
    return version(place, source) == VERSION;
  }

  private static int version(Place place, DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      if (!Place.isTrue(connection, place.asksForTable(), HISTORY)) {
        return 0;
      }
      try (var statement = connection.createStatement();
          var result =
              statement.executeQuery(
                  "select max(cast(version as integer)) from " + HISTORY + " where success")) {
        return result.next() ? result.getInt(1) : 0;
      }
    }
  }

  private static void migrate(DataSource source) throws SQLException {
    try {
      Flyway.configure(Schema.class.getClassLoader())
          .dataSource(source)
          .locations("classpath:dev/belay/server/store")
          .table(HISTORY)
          // others may have tables in the same database
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .load()
          .migrate();
    } catch (FlywayException failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException database) {
          throw database;
        }
      }
      throw failure;
    }
  }
}
