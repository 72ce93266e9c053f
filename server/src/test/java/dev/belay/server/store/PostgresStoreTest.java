package dev.belay.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a server of the test's own; tools/test-tools installs one. */
@Timeout(120)
class PostgresStoreTest extends StorePorts {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String PASSWORD = "CANARY@:%/p+ß";
  private static final String ENCODED = "CANARY%40:%25%2Fp+%C3%9F";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static PostgresProcess server;

  private String database = "";

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresProcess.start(folder, PASSWORD);
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.kill();
  }

  @BeforeEach
  void makeDatabase() throws Exception {
    database = "belay" + DATABASES.incrementAndGet();
    server.execute("postgres", "create database " + database);
  }

  @Override
  String url() {
    return url(ENCODED, database);
  }

  private static String url(String password, String database) {
    return "postgresql://belay:%s@%s/%s".formatted(password, server.address(), database);
  }

  @Test
  void aWrongPasswordIsRefusedAndNotShown() {
    try (Store store = Store.opening(config(url("CANARY-wrong", database), "belay"))) {
      assertThatThrownBy(() -> store.await(LONG))
          .isInstanceOf(StoreRefused.class)
          .hasMessageContaining("postgresql://" + server.address() + "/" + database)
          .hasMessageContaining("password authentication failed for user \"belay\" (28P01)")
          .hasMessageNotContaining("CANARY");
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsRefused() {
    try (Store store = Store.opening(config(url(ENCODED, "nowhere"), "belay"))) {
      assertThatThrownBy(() -> store.await(LONG))
          .isInstanceOf(StoreRefused.class)
          .hasMessageContaining("database \"nowhere\" does not exist (3D000)")
          .hasMessageNotContaining("CANARY");
    }
  }

  @Test
  void oneThatIsAboutToEndIsWaitedFor() throws Exception {
    Store first = opened();
    Store second = opening("belay");
    Time.system().sleep(200_000_000); // it asks for the lock by then
    first.close();

    assertThat(second.await(LONG)).isTrue();
    second.breakers().save(Set.of("a"));
    assertThat(second.breakers().open()).containsExactly("a");
  }

  @Test
  void livesBesideTheTablesOfOthers() throws Exception {
    server.execute(database, "create table somebodys (id int)");
    opened().breakers().save(Set.of("a"));
  }

  @Test
  void goesOnByItselfWhenTheServerComesBack() throws Exception {
    Store store = opened();
    store.breakers().save(Set.of("a"));
    try (AlarmLog log = new AlarmLog()) {
      server.kill();
      for (int i = 0; i < 2; i++) {
        store.reopen();
        assertThatThrownBy(() -> store.breakers().save(Set.of("b")))
            .isInstanceOf(UncheckedIOException.class);
      }
      assertThat(store.alarm().problem().orElseThrow()).contains("the server cannot be reached");
      assertThat(store.alarm().problem().orElseThrow()).doesNotContain("CANARY");

      server.restart();
      store.reopen();
      store.breakers().save(Set.of("c"));
      assertThat(store.alarm().isRaised()).isFalse();
      assertThat(log.lines()).hasSize(2).noneMatch(line -> line.contains("CANARY"));
    }
    assertThat(store.breakers().open()).containsExactly("c");
    Store second = opening("belay");
    assertThatThrownBy(() -> second.await(LONG)).hasMessageContaining("in use by another belay");
  }

  @Test
  void aServerThatIsNotThereYetIsTriedAgain() throws Exception {
    server.kill();
    try (Store store = Store.opening(config(url(), "belay"))) {
      assertThat(store.await(LONG)).isTrue();
      assertThat(store.alarm().isRaised()).isTrue();

      server.restart();
      store.reopen();
      store.breakers().save(Set.of("a"));
      assertThat(store.alarm().isRaised()).isFalse();
    }
  }
}
