package dev.belay.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.server.Processes;
import dev.belay.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL server on a free port, with the user {@code belay} and a password. */
final class PostgresProcess {
  private final Path folder;
  private final String password;
  private final int port;
  private final AtomicInteger databases = new AtomicInteger();
  private Process process;

  private PostgresProcess(Path folder, String password, int port) throws Exception {
    this.folder = folder;
    this.password = password;
    this.port = port;
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path secret = Files.writeString(folder.resolve("password"), password);
    Process made =
        program(
            "initdb",
            "--no-sync",
            "--username=belay",
            "--auth=scram-sha-256",
            "--pwfile=" + secret,
            "--encoding=UTF8",
            "--locale=C");
    assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(made.exitValue()).as("%s", Files.readString(log())).isZero();
    this.process = serve();
  }

  static PostgresProcess start(Path folder, String password) throws Exception {
    PostgresProcess server = new PostgresProcess(folder, password, FreePorts.one());
    server.awaitReady();
    return server;
  }

  private Path log() {
    return folder.resolve("postgres.log");
  }

  private Process serve() throws IOException {
    return program(
        "postgres",
        "-p",
        Integer.toString(port),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
        "-c",
        "fsync=off");
  }

  /** The newest one that is installed; as another user if this one is root, which it refuses. */
  private Process program(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.add(Processes.find("setpriv"));
      command.addAll(List.of("--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    command.addAll(List.of(find(name), "-D", folder.resolve("data").toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private static String find(String name) throws IOException {
    try (var versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .map(version -> version.resolve("bin").resolve(name))
          .filter(Files::isExecutable)
          .max(Comparator.naturalOrder())
          .orElseThrow(() -> new AssertionError(name + " is missing"))
          .toString();
    } catch (NoSuchFileException missing) {
      throw new AssertionError("PostgreSQL is missing; tools/test-tools installs it", missing);
    }
  }

  private void awaitReady() throws Exception {
    assertThat(becomesReady()).as("postgres runs").isTrue();
  }

  /** False if it ends instead. */
  private boolean becomesReady() throws Exception {
    for (int i = 0; i < 500; i++) {
      if (!process.isAlive()) {
        return false;
      }
      try (Connection connection = connect("postgres")) {
        assertThat(connection.isValid(5)).isTrue();
        return true;
      } catch (SQLException notYet) {
        Time.system().sleep(20_000_000);
      }
    }
    throw new AssertionError("postgres does not answer:\n" + Files.readString(log()));
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database), "belay", password);
  }

  void execute(String database, String statement) throws SQLException {
    try (Connection connection = connect(database);
        var prepared = connection.createStatement()) {
      prepared.execute(statement);
    }
  }

  /** The URL of a database that nobody else has. */
  String fresh() {
    String database = "fresh" + databases.incrementAndGet();
    try {
      execute("postgres", "create database " + database);
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
    return "postgresql://belay:%s@%s/%s".formatted(password, address(), database);
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  void kill() throws InterruptedException {
    Processes.kill(process);
  }

  /** Tries again while what the killed one left behind has not ended yet. */
  void restart() throws Exception {
    for (int i = 0; i < 50; i++) {
      process = serve();
      if (becomesReady()) {
        return;
      }
      Time.system().sleep(100_000_000);
    }
    throw new AssertionError("postgres does not start again:\n" + Files.readString(log()));
  }
}
