package dev.belay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Real programs, started and stopped. */
public final class Processes {
  private final List<Process> running = new ArrayList<>();
  private final Path folder;

  public Processes(Path folder) {
    this.folder = folder;
  }

  /** A program on the PATH or among the system's own. */
  public static String find(String name) {
    for (String place : new String[] {"/usr/bin/", "/usr/sbin/", "/usr/local/bin/"}) {
      if (Files.isExecutable(Path.of(place + name))) {
        return place + name;
      }
    }
    throw new AssertionError("%s is missing; tools/test-tools installs it".formatted(name));
  }

  /** What starts a program of this class path in a process of its own, soon. */
  public static List<String> java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  public Process serve(int port, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(Path.of(command[0]).getFileName() + ".log").toFile())
            .start();
    running.add(process);
    for (int i = 0; i < 500 && !answers(port); i++) {
      assertThat(process.isAlive()).as("%s runs", command[0]).isTrue();
      Time.system().sleep(20_000_000);
    }
    assertThat(answers(port)).as("%s answers on %d", command[0], port).isTrue();
    return process;
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  /** Runs to the end and gives what it printed. */
  public String run(int seconds, String... command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    running.add(process);
    assertThat(process.waitFor(seconds, TimeUnit.SECONDS)).as("%s ends", command[0]).isTrue();
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  public static void kill(Process process) throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  public void killAll() throws InterruptedException {
    for (Process process : running) {
      kill(process);
    }
  }
}
