package dev.belay.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** An open database of which this process is the only writer under its name. */
final class Database implements AutoCloseable {
  private static final int WAIT_MILLIS = 3_000;

  private final Place.Claim claim;
  private final HikariDataSource connections;
  private final Jdbi jdbi;

  private Database(Place.Claim claim, HikariDataSource connections) {
    this.claim = claim;
    this.connections = connections;
    this.jdbi = Jdbi.create(connections);
  }

  /**
   * Opens it, with its tables up to date.
   *
   * @throws StoreRefused if it must not be used as it is
   * @throws IOException if it cannot be opened now, with a message of one line without secrets
   */
  static Database open(Place place, String instance) throws IOException {
    Place.Claim claim = null;
    try {
      place.prepare();
      DataSource source = place.connections();
      claim = place.claim(instance);
      Schema.update(place, source);
      return new Database(claim, pool(place, source));
    } catch (SQLException failure) {
      close(claim);
      throw place.refusal(failure);
    } catch (StoreRefused refused) {
      close(claim);
      throw refused;
    } catch (IOException | RuntimeException failure) {
      close(claim);
      throw new IOException("%s: %s".formatted(place.name(), Reason.of(failure)), failure);
    }
  }

  private static void close(Place.@org.jspecify.annotations.Nullable Claim claim) {
    if (claim != null) {
      claim.close();
    }
  }

  private static HikariDataSource pool(Place place, DataSource source) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("belay-store");
    config.setDataSource(source);
    config.setMaximumPoolSize(place.size());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(WAIT_MILLIS);
    config.setValidationTimeout(WAIT_MILLIS);
    // the connection that proved the database good is closed again: there is nothing to wait for
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  Jdbi jdbi() {
    return jdbi;
  }

  /** Whether it is still ours, and still where it was. */
  boolean isThere() {
    return claim.isHeld();
  }

  @Override
  public void close() {
    connections.close();
    claim.close();
  }
}
