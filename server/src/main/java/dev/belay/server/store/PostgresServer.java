package dev.belay.server.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database on a PostgreSQL server.
 *
 * @param name what messages call it
 * @param where host, port, database and options, as the driver wants them
 * @param user empty if the driver is to find one
 * @param password may be empty; never shown
 */
record PostgresServer(String name, String where, String user, String password) implements Place {
  /** Held, so that it stays as it is set. What the driver logs may quote a whole address. */
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");

  /** What the server says of a lock that was not to be had in time. */
  private static final String TAKEN = "55P03";

  private static final int LOCK_MILLIS = 1_000;
  private static final int CONNECT_SECONDS = 3;
  private static final int ANSWER_SECONDS = 10;

  /**
   * Reads {@code postgresql://[user[:password]@]host[:port]/database[?options]}. User and password
   * are percent-decoded; the last {@code @} ends the password.
   */
  static PostgresServer of(String url) {
    String rest = url.substring("postgresql://".length());
    int at = rest.lastIndexOf('@');
    String login = at < 0 ? "" : rest.substring(0, at);
    String where = rest.substring(at + 1);
    int colon = login.indexOf(':');
    String user = colon < 0 ? login : login.substring(0, colon);
    String password = colon < 0 ? "" : login.substring(colon + 1);
    int options = where.indexOf('?');
    String place = options < 0 ? where : where.substring(0, options);
    return new PostgresServer("postgresql://" + place, where, decode(user), decode(password));
  }

  private static String decode(String text) {
    try {
      // a plus sign is itself here
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEscaped) {
      return text;
    }
  }

  @Override
  public void prepare() {
    // whoever runs the server makes the database
  }

  @Override
  public DataSource connections() throws StoreRefused {
    DRIVER.setLevel(Level.OFF);
    PGSimpleDataSource source = new PGSimpleDataSource();
    try {
      source.setUrl("jdbc:postgresql://" + where);
    } catch (IllegalArgumentException unreadable) {
      // the driver quotes the URL, options and all
      throw new StoreRefused(
          "store.url must be postgresql://HOST/DATABASE; the driver cannot read what follows the @");
    }
    if (!user.isEmpty()) {
      source.setUser(user);
    }
    if (!password.isEmpty()) {
      source.setPassword(password);
    }
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(ANSWER_SECONDS);
    source.setTcpKeepAlive(true);
    source.setApplicationName("belay");
    return source;
  }

  @Override
  public int size() {
    return 4;
  }

  @Override
  public String asksForTable() {
    return "select to_regclass(?) is not null";
  }

  @Override
  public String remedy() {
    return "correct store.url or the server, and start again";
  }

  @Override
  public Claim claim(String instance) throws StoreRefused, SQLException {
    Connection connection = connections().getConnection();
    try {
      lock(connection, instance);
      return new Locked(connection);
    } catch (SQLException failure) {
      connection.close();
      if (!TAKEN.equals(failure.getSQLState())) {
        throw failure;
      }
      throw new StoreRefused(
          "%s is in use by another belay of the name %s; stop that one, or give this one another"
                  .formatted(name, instance)
              + " store.instance");
    } catch (RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  /** The server may take a moment to notice that whoever had the lock is gone. */
  private static void lock(Connection connection, String instance) throws SQLException {
    try (var patience = connection.createStatement()) {
      patience.execute("set lock_timeout = " + LOCK_MILLIS);
    }
    String lock = "select pg_advisory_lock(hashtext('belay'), hashtext(?))";
    try (var statement = connection.prepareStatement(lock)) {
      statement.setString(1, instance);
      statement.execute();
    }
  }

  @Override
  public String toString() {
    return name;
  }

  /** A lock that the server gives up together with the connection. */
  private record Locked(Connection connection) implements Claim {
    @Override
    public boolean isHeld() {
      try {
        return connection.isValid(CONNECT_SECONDS);
      } catch (SQLException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public void close() {
      try {
        connection.close();
      } catch (SQLException alreadyGone) {
        // and the lock with it
      }
    }
  }
}
