package dev.belay.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class PlaceTest {
  private static PostgresServer server(String rest) {
    return (PostgresServer) Place.of("postgresql://" + rest);
  }

  @Test
  void aFileIsWhatFollowsTheColon() {
    assertThat(Place.of("sqlite:/var/lib/b c.db"))
        .isEqualTo(new SqliteFile(Path.of("/var/lib/b c.db")));
    assertThat(Place.of("sqlite:.belay/belay.db").name()).isEqualTo(".belay/belay.db");
  }

  @Test
  void aServerHasUserAndPasswordInFrontOfTheLastAt() {
    PostgresServer plain = server("db.example/belay");
    assertThat(plain.user()).isEmpty();
    assertThat(plain.password()).isEmpty();

    PostgresServer full = server("ann:p%40s@s:w/rd%@db.example:5433/belay?sslmode=require");
    assertThat(full.user()).isEqualTo("ann");
    assertThat(full.password()).isEqualTo("p%40s@s:w/rd%");
    assertThat(full.where()).isEqualTo("db.example:5433/belay?sslmode=require");
    assertThat(server("a%40b:p%2Bw+@[::1]/x").user()).isEqualTo("a@b");
    assertThat(server("a%40b:p%2Bw+@[::1]/x").password()).isEqualTo("p+w+");
    assertThat(server("ann@db/x").user()).isEqualTo("ann");
  }

  @Test
  void itsNameAndItsTextShowNoSecret() {
    PostgresServer server = server("ann:CANARY@db.example/belay?password=CANARY");

    assertThat(server.name()).isEqualTo("postgresql://db.example/belay");
    assertThat(server).hasToString("postgresql://db.example/belay");
  }

  @Test
  void anUnreadableAddressIsQuotedNowhere() {
    List<LogRecord> logged = new ArrayList<>();
    Handler handler = new Collecting(logged);
    Logger.getLogger("").addHandler(handler);
    try {
      for (String rest : List.of("db:port/belay?password=CANARY", "db:1?password=CANARY")) {
        assertThatThrownBy(server(rest)::connections)
            .isInstanceOf(StoreRefused.class)
            .hasMessageContaining("store.url must be postgresql://HOST/DATABASE")
            .hasMessageNotContaining("CANARY")
            .hasNoCause();
      }
    } finally {
      Logger.getLogger("").removeHandler(handler);
    }
    assertThat(logged).isEmpty();
  }

  /** Keeps what is logged the way the driver logs. */
  private static final class Collecting extends Handler {
    private final List<LogRecord> logged;

    Collecting(List<LogRecord> logged) {
      this.logged = logged;
    }

    @Override
    public void publish(LogRecord entry) {
      logged.add(entry);
    }

    @Override
    public void flush() {
      // nothing waits
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
