package dev.belay.bench.real;

import dev.belay.bench.program.Program;
import dev.belay.chaos.Edge;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Belay's forward proxy between pairs of services: for each pair a {@code belay serve} of its own,
 * whose only way on is the fault proxy before the callee. Faults so strike what Belay sends.
 */
final class Gateways implements AutoCloseable {
  private final List<Program> servers = new ArrayList<>();

  private Gateways() {}

  /**
   * Starts all of them.
   *
   * @param jvm options of their Java
   * @param through where each of them is to listen
   * @param fronts the fault proxies behind them
   * @param folder for what they write; must exist
   */
  static Gateways start(
      List<String> jvm, Map<Edge, URI> through, Map<Edge, URI> fronts, Path folder)
      throws IOException, InterruptedException {
    Gateways all = new Gateways();
    try {
      for (Map.Entry<Edge, URI> one : new TreeMap<>(through).entrySet()) {
        URI front = fronts.getOrDefault(one.getKey(), one.getValue());
        Path own =
            Files.createDirectories(
                folder.resolve("between-" + one.getKey().caller() + "-" + one.getKey().callee()));
        Path config =
            Files.writeString(
                own.resolve("belay.yaml"), config(own, one.getValue().getPort(), front));
        all.servers.add(Program.start(own, jvm, "serve", "-c", config.toAbsolutePath().toString()));
      }
      return all;
    } catch (IOException | InterruptedException | RuntimeException failed) {
      all.close();
      throw failed;
    }
  }

  /**
   * The breaker is as good as off: baggage keeps the faults of one trial from all others, and
   * nothing could keep an open breaker from them.
   */
  private static String config(Path folder, int port, URI front) {
    return """
    control: {port: 0}
    store: {url: "sqlite:%s/belay.db"}
    retry: {max_attempts: 3, base_delay: 50ms, retry_status_codes: [429, 500, 502, 503, 504]}
    circuit_breaker: {failure_threshold: 100000}
    proxy:
      port: %d
      socks_port: 0
      allow_private: true
      pool: [{url: "%s"}]
    """
        .formatted(folder.toAbsolutePath(), port, front);
  }

  /** How many there are. */
  int count() {
    return servers.size();
  }

  @Override
  public void close() {
    for (Program server : servers) {
      server.close();
    }
  }
}
