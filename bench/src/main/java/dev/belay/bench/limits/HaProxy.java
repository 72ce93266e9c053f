package dev.belay.bench.limits;

import dev.belay.Time;
import dev.belay.bench.program.Installed;
import dev.belay.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** HAProxy, which parses HTTP as well, in front of a service. A process of its own until closed. */
final class HaProxy implements AutoCloseable {
  private final Process process;
  private final int port;

  private HaProxy(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Whether it can be started. */
  static boolean isThere() {
    return Installed.has("haproxy");
  }

  /**
   * Starts it, and waits until it answers.
   *
   * @param folder for its configuration and what it complains of
   * @param upstream where the service listens, on this machine
   */
  static HaProxy start(Path folder, int upstream) throws IOException, InterruptedException {
    int port = FreePorts.one();
    Path config =
        Files.writeString(
            folder.resolve("haproxy-%d.cfg".formatted(port)),
            """
            global
              maxconn 4096
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
            listen service
              bind 127.0.0.1:%d
              server one 127.0.0.1:%d
            """
                .formatted(port, upstream));
    Process process =
        new ProcessBuilder("haproxy", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("haproxy-%d.log".formatted(port)).toFile())
            .start();
    HaProxy started = new HaProxy(process, port);
    try {
      started.awaitAnswer();
      return started;
    } catch (IOException | InterruptedException failed) {
      started.close();
      throw failed;
    }
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    for (int i = 0; i < 100; i++) {
      try (Caller caller = new Caller(port, "")) {
        if (caller.call().status() == 200) {
          return;
        }
      } catch (IOException notYet) {
        Time.system().sleep(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
    throw new IOException("HAProxy does not answer; it runs: " + process.isAlive());
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    var unused = process.destroyForcibly();
  }
}
