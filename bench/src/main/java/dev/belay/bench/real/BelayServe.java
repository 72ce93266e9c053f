package dev.belay.bench.real;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code belay serve} as a process. It ends when this is closed, and also when this process is
 * gone: a shell between them notices that nobody holds its input any more.
 */
final class BelayServe implements AutoCloseable {
  private static final String TIED =
      "\"$@\" & server=$!; cat >/dev/null; kill $server; wait $server";

  private final Process process;
  private final URI control;

  private BelayServe(Process process, URI control) {
    this.process = process;
    this.control = control;
  }

  /** Starts it, and waits until it is ready. */
  static BelayServe start(Path java, Path config, Path folder)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    "sh",
                    "-c",
                    TIED,
                    "belay",
                    java.toString(),
                    "-Xmx512m",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-jar",
                    Path.of("server", "target", "belay.jar").toAbsolutePath().toString(),
                    "serve",
                    "--json",
                    "-c",
                    config.toAbsolutePath().toString()))
            .directory(folder.toFile())
            .redirectError(folder.resolve("belay.log").toFile())
            .start();
    CompletableFuture<URI> ready = new CompletableFuture<>();
    Thread unused = Thread.ofVirtual().start(() -> read(process, ready));
    try {
      return new BelayServe(process, ready.get(1, TimeUnit.MINUTES));
    } catch (ExecutionException | TimeoutException failed) {
      end(process);
      throw new IOException(
          "belay serve does not get ready; see " + folder.resolve("belay.log"), failed);
    }
  }

  private static void read(Process process, CompletableFuture<URI> ready) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("\"ready\":true")) {
          ready.complete(
              URI.create(JsonMapper.shared().readTree(line).get("control").stringValue()));
        }
      }
    } catch (IOException broken) {
      ready.completeExceptionally(broken);
    }
    ready.completeExceptionally(new IOException("it ended"));
  }

  /** Where it is controlled. */
  URI control() {
    return control;
  }

  private static void end(Process process) throws InterruptedException {
    try {
      process.getOutputStream().close();
    } catch (IOException gone) {
      process.destroy(); // it has ended already
    }
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      end(process);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    }
  }
}
