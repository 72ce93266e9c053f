package dev.belay.server.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.proxy.PoolStore.Added;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.server.Processes;
import java.io.BufferedReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SqliteStoreTest extends StorePorts {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  private Path home() {
    return folder.resolve(".belay");
  }

  private Path file() {
    return home().resolve("belay.db");
  }

  @Override
  String url() {
    return "sqlite:" + file();
  }

  private static String rights(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void onlyTheOwnerCanReadIt() throws Exception {
    opened().breakers().save(java.util.Set.of("a"));

    assertThat(rights(home())).isEqualTo("rwx------");
    try (var files = Files.list(home())) {
      for (Path one : files.toList()) {
        assertThat(rights(one)).as(one.toString()).isEqualTo("rw-------");
      }
    }
  }

  @Test
  void aFileThatOthersCouldReadIsClosedToThem() throws Exception {
    Files.createDirectory(home());
    Files.createFile(file());
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    opened();

    assertThat(rights(file())).isEqualTo("rw-------");
  }

  @Test
  void whatIsNoDatabaseIsRefusedAndLeftAlone() throws Exception {
    Files.createDirectory(home());
    Files.writeString(file(), "something that somebody needs ".repeat(100));

    assertThatThrownBy(() -> opening("belay").await(LONG))
        .isInstanceOf(StoreRefused.class)
        .hasMessageContaining(file() + ": the file is damaged (SQLITE_NOTADB)")
        .hasMessageContaining("move it away or put a copy back, and start again")
        .hasMessageNotContaining("\n");
    assertThat(file()).content().startsWith("something that somebody needs");
  }

  @Test
  void aDamagedDatabaseIsRefused() throws Exception {
    Store store = opened();
    store.ledger().save(List.of(Hours.hour(NOON, 5)));
    store.close();
    byte[] bytes = Files.readAllBytes(file());
    java.util.Arrays.fill(bytes, 100, 4_096, (byte) 0x7f);
    Files.write(file(), bytes);

    assertThatThrownBy(() -> opening("belay").await(LONG))
        .isInstanceOf(StoreRefused.class)
        .hasMessageContaining("the file is damaged");
  }

  @Test
  void aFolderIsRefused() throws Exception {
    Files.createDirectories(file());

    assertThatThrownBy(() -> opening("belay").await(LONG))
        .hasMessage(file() + " is a folder; store.url must name a file");
  }

  @Test
  void whereNothingCanBeWrittenTheAlarmIsRaised() throws Exception {
    try (AlarmLog log = new AlarmLog();
        Store store = Store.opening(config("sqlite:/proc/none/belay.db", "belay"))) {
      assertThat(store.await(LONG)).isTrue();
      store.reopen();
      store.reopen();

      assertThat(store.alarm().problem().orElseThrow()).contains("/proc/none");
      assertThatThrownBy(() -> store.ledger().load(NOON))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("/proc/none");
      assertThat(log.lines()).hasSize(1).first().asString().startsWith("THE STORE FAILS: ");
    }
  }

  private static void pages(Store store, int most) {
    requireNonNull(store.database())
        .jdbi()
        .useHandle(handle -> handle.execute("pragma max_page_count = " + most));
  }

  @Test
  void aFullDiskIsToldOnceAndLosesNothingThatWasThere() throws Exception {
    Store store = opened();
    store.ledger().save(List.of(Hours.hour(NOON, 5)));
    List<Added> many =
        IntStream.range(0, 5_000)
            .mapToObj(i -> new Added(Entry.of("http://h" + i + ":1")))
            .toList();
    try (AlarmLog log = new AlarmLog()) {
      pages(store, 30);
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> store.pool().save(many))
            .isInstanceOf(UncheckedIOException.class)
            .hasMessageContaining("the disk is full (SQLITE_FULL)");
      }
      assertThat(store.alarm().isRaised()).isTrue();
      assertThat(store.pool().changes()).isEmpty();
      assertThat(store.ledger().load(NOON)).containsExactly(Hours.hour(NOON, 5));
      assertThat(store.alarm().isRaised()).as("reading proves nothing").isTrue();

      pages(store, 1_000_000);
      store.pool().save(many);
      assertThat(store.alarm().isRaised()).isFalse();
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().getFirst()).startsWith("THE STORE FAILS: ").contains("disk is full");
      assertThat(log.lines().getLast()).startsWith("the store works again");
    }
    assertThat(reopened(store).pool().changes()).hasSize(5_000);
  }

  @Test
  void aFileThatIsGoneIsMadeAnew() throws Exception {
    Store store = opened();
    store.ledger().save(List.of(Hours.hour(NOON, 5)));
    try (var files = Files.list(home())) {
      for (Path one : files.toList()) {
        Files.delete(one);
      }
    }
    Files.delete(home());

    store.reopen();
    store.ledger().save(List.of(Hours.hour(NOON, 6)));

    assertThat(reopened(store).ledger().load(NOON)).containsExactly(Hours.hour(NOON, 6));
  }

  /** Stores a proxy, says so, and waits to be killed. */
  public static final class Killed {
    private Killed() {}

    /** Takes the URL of the store. */
    public static void main(String[] args) throws Exception {
      Store store = Store.opening(config(args[0], "belay"));
      store.await(LONG);
      store.pool().save(List.of(new Added(Entry.of("http://ann:secret@h:1"))));
      store.ledger().save(List.of(Hours.hour(NOON, 5)));
      System.out.println("stored");
      Thread.currentThread().join();
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesAKill() throws Exception {
    Process process =
        new ProcessBuilder(Processes.java(Killed.class, url()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("stored");
      assertThatThrownBy(() -> opening("belay").await(LONG))
          .hasMessageContaining("in use by another belay (process " + process.pid() + ")");
    } finally {
      process.destroyForcibly().waitFor();
    }

    Store store = opened();
    assertThat(store.pool().changes())
        .containsExactly(new Added(Entry.of("http://ann:secret@h:1")));
    assertThat(store.ledger().load(NOON)).containsExactly(Hours.hour(NOON, 5));
  }
}
