package dev.belay.bench.limits;

import dev.belay.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code belay} in a process of its own, with the heap that its launcher gives it. */
final class Program implements AutoCloseable {
  private static final Path JAR = Path.of("server", "target", "belay.jar").toAbsolutePath();
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final long LOOK_NANOS = 10_000_000;

  private final Process process;
  private final JsonNode ready;

  private Program(Process process, JsonNode ready) {
    this.process = process;
    this.ready = ready;
  }

  /**
   * Starts it, and waits until it says that it is ready.
   *
   * @param folder where it works and writes
   */
  static Program start(Path folder, String... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, arguments[0], ".out");
    Path err = folder.resolve(arguments[0] + ".err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx192m", "-XX:+UseParallelGC", "-Dio.netty.allocator.type=pooled"));
    command.addAll(List.of("-Dio.netty.leakDetection.level=disabled"));
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    command.add("--json");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()))
            .start();
    Time time = Time.system();
    long begun = time.nanos();
    while (process.isAlive() && time.nanos() - begun < LONGEST_START.toNanos()) {
      Optional<String> line =
          Files.readString(out)
              .lines()
              .filter(one -> one.startsWith("{\"ready\":true"))
              .findFirst();
      if (line.isPresent() && line.get().endsWith("}")) {
        return new Program(process, JsonMapper.shared().readTree(line.get()));
      }
      time.sleep(LOOK_NANOS);
    }
    process.destroyForcibly();
    throw new IOException(
        "belay %s did not start: %s".formatted(arguments[0], Files.readString(err)));
  }

  /** A port that nobody listens at. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** What it said when it was ready. */
  JsonNode ready() {
    return ready;
  }

  /** The most memory that it ever had, in MB. */
  double peakMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Ends it at once, as {@code kill -9} does. */
  void kill() throws InterruptedException {
    int unused = process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
