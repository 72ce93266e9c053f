package dev.belay.server.store;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a server of the test's own; tools/test-tools installs one. */
@Timeout(120)
class PostgresReviewsTest extends StoredReviews {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static PostgresProcess server;

  private String url = "";

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
    if (url.isEmpty()) {
      url = server.fresh();
    }
    return url;
  }
}
