package dev.belay.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFileTest {
  @TempDir Path folder;

  private static String pragma(Connection connection, String name) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("pragma " + name)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  /** Settings in the wrong words of a URL are ignored without a sound; only asking tells. */
  @Test
  void everyConnectionHasTheSettingsThatItWasMeantToHave() throws Exception {
    DataSource connections = SqliteFile.of("sqlite:" + folder.resolve("belay.db")).connections();

    try (Connection first = connections.getConnection();
        Connection second = connections.getConnection()) {
      for (Connection one : new Connection[] {first, second}) {
        assertThat(pragma(one, "journal_mode")).isEqualTo("wal");
        assertThat(pragma(one, "busy_timeout")).isEqualTo("5000");
        assertThat(pragma(one, "synchronous")).as("2 is FULL").isEqualTo("2");
      }
    }
  }
}
