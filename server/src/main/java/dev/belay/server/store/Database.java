package dev.belay.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.belay.Time;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** An open database of which this process is the only writer under its name. */
final class Database implements AutoCloseable {
  private static final int WAIT_MILLIS = 3_000;

  private static final long SCHEMA_NANOS = 10_000_000_000L;
  private static final long PAUSE_NANOS = 50_000_000;

  /** Of those who write only what many may write. */
  private static final Place.Claim SHARED =
      new Place.Claim() {
        @Override
        public boolean isHeld() {
          return true;
        }

        @Override
        public void close() {
          // nothing was claimed
        }
      };

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
   * @param instance the name under which this process alone writes; empty to write only what many
   *     may write
   * @throws StoreRefused if it must not be used as it is
   * @throws IOException if it cannot be opened now, with a message of one line without secrets
   */
  static Database open(Place place, Optional<String> instance) throws IOException {
    Place.Claim claim = null;
    try {
      place.prepare();
      DataSource source = place.connections();
      claim = instance.isPresent() ? place.claim(instance.get()) : SHARED;
      update(place, source);
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

  /** Tables are made by one process at a time, or each would stumble over what the other made. */
  private static void update(Place place, DataSource source) throws IOException, SQLException {
    if (Schema.isCurrent(place, source)) {
      return;
    }
    try (Place.Claim alone = claimSchema(place)) {
      if (alone.isHeld()) {
        Schema.update(place, source);
      }
    }
  }

  private static Place.Claim claimSchema(Place place) throws IOException, SQLException {
    Time time = Time.system();
    long begun = time.nanos();
    while (true) {
      try {
        return place.claim("schema-update");
      } catch (StoreRefused taken) {
        if (time.nanos() - begun >= SCHEMA_NANOS) { // a claim may itself have waited
          throw taken;
        }
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Time.system().sleep(PAUSE_NANOS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
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
