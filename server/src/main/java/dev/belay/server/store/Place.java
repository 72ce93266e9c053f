package dev.belay.server.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Where a store is: a file, or a database on a server. Its text shows no password. */
sealed interface Place permits SqliteFile, PostgresServer {

  /** What messages call it. */
  String name();

  /** Makes what must be there before a connection can be opened. */
  void prepare() throws IOException;

  /**
   * Connections as this place needs them; none is open yet.
   *
   * @throws StoreRefused if the address cannot be read
   */
  DataSource connections() throws StoreRefused;

  /** How many connections to keep. */
  int size();

  /** A query for whether there is a table of a name. */
  String asksForTable();

  /**
   * Claims the place for one writer under a name.
   *
   * @throws StoreRefused if another one has it
   */
  Claim claim(String instance) throws IOException, SQLException;

  /** What was wrong with a connection, as an error to give up on or to try again after. */
  default IOException refusal(SQLException failure) {
    return Reason.isDamage(failure) || Reason.isLasting(failure)
        ? new StoreRefused("%s: %s; %s".formatted(name(), Reason.of(failure), remedy()))
        : new IOException("%s: %s".formatted(name(), Reason.of(failure)));
  }

  /** What to do about it. */
  String remedy();

  /** Held until closed, or until the process is gone. */
  interface Claim extends AutoCloseable {
    /** Whether it still holds. */
    boolean isHeld();

    @Override
    void close();
  }

  /** Whether a query gives true. */
  static boolean isTrue(Connection connection, String query, String parameter) throws SQLException {
    try (var statement = connection.prepareStatement(query)) {
      statement.setString(1, parameter);
      try (var result = statement.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }

  /** The place that a URL names. */
  static Place of(String url) {
    return url.startsWith("sqlite:") ? SqliteFile.of(url) : PostgresServer.of(url);
  }
}
