package dev.belay.server.store;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a server of the test's own; tools/test-tools installs one. */
@Timeout(120)
class PostgresRunsTest extends StoredRuns {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static PostgresProcess server;

  private String database = "";

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresProcess.start(folder, "secret");
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.kill();
  }

  /** Asked for before anything of a test runs, and the same one all through it. */
  @Override
  String url() {
    if (database.isEmpty()) {
      database = "belay" + DATABASES.incrementAndGet();
      try {
        server.execute("postgres", "create database " + database);
      } catch (java.sql.SQLException failed) {
        throw new AssertionError(failed);
      }
    }
    return "postgresql://belay:secret@%s/%s".formatted(server.address(), database);
  }
}
