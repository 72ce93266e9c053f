package dev.belay.server.store;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SqliteRunsTest extends StoredRuns {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  @Override
  String url() {
    return "sqlite:" + folder.resolve("belay.db");
  }
}
