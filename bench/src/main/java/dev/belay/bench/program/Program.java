package dev.belay.bench.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code belay} in a process of its own. It ends when this is closed, and also when this process is
 * gone: a shell between them notices that nobody holds its input any more. The shell says first
 * which process it started, and lets go of its output, which so ends with that process.
 */
public final class Program implements AutoCloseable {
  private static final Path JAR = Path.of("server", "target", "belay.jar").toAbsolutePath();
  private static final String TIED =
      "\"$@\" & server=$!; echo $server; exec >/dev/null; cat; kill $server; wait $server";

  private final Process shell;
  private final Thread reader;
  private final CompletableFuture<ProcessHandle> process = new CompletableFuture<>();
  private final CompletableFuture<JsonNode> ready = new CompletableFuture<>();

  private Program(Process shell) {
    this.shell = shell;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /**
   * Starts it, and waits until it says that it is ready.
   *
   * @param folder where it works and writes; what it complains of stands in {@code VERB.err}
   * @param jvm options of its Java, such as its heap
   * @param arguments the verb, and what goes with it
   * @throws IOException if it is not ready within a minute
   */
  public static Program start(Path folder, List<String> jvm, String... arguments)
      throws IOException, InterruptedException {
    Path errors = folder.resolve(arguments[0] + ".err");
    List<String> command = new ArrayList<>(List.of("sh", "-c", TIED, "belay"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    command.add("--json");
    Program program =
        new Program(
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start());
    try {
      JsonNode unused = program.ready.get(1, TimeUnit.MINUTES);
      return program;
    } catch (ExecutionException | TimeoutException failed) {
      program.close();
      throw new IOException(
          "belay %s did not start: %s".formatted(arguments[0], Files.readString(errors)), failed);
    } catch (InterruptedException stopped) {
      program.close();
      throw stopped;
    }
  }

  /** Until the process has ended. */
  private void read() {
    IOException ended = new IOException("it ended");
    try (BufferedReader lines = shell.inputReader()) {
      String pid = lines.readLine();
      if (pid != null) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(process::complete);
      }
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("{\"ready\":true")) {
          ready.complete(JsonMapper.shared().readTree(line));
        }
      }
    } catch (IOException broken) {
      ended = broken;
    }
    process.completeExceptionally(ended);
    ready.completeExceptionally(ended);
  }

  /** What it said when it was ready. */
  public JsonNode ready() {
    return ready.join();
  }

  /** The most memory that it ever had, in MB. */
  public double peakMegabytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.join().pid()), "status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Ends it at once, as {@code kill -9} does, and waits until it is gone. */
  public void kill() throws InterruptedException {
    boolean unused = process.join().destroyForcibly();
    reader.join();
    close();
  }

  /** Tells it to end, and kills it when it does not within 20 s. */
  @Override
  public void close() {
    try {
      shell.getOutputStream().close();
    } catch (IOException gone) {
      shell.destroy(); // it has ended already
    }
    try {
      if (shell.waitFor(20, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    shell.descendants().forEach(ProcessHandle::destroyForcibly);
    shell.destroyForcibly();
  }
}
