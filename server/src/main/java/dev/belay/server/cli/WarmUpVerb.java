package dev.belay.server.cli;

import dev.belay.server.BelayServer;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.demo.ProxyDemo;
import dev.belay.server.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Loads what a start needs and runs what is hot, for the launcher, which keeps both in a cache. */
@Command(
    name = "warm-up",
    hidden = true,
    description =
        "Start, serve a little and stop, so that the launcher can keep classes and profiles.",
    footer = {"", "Example:", "  belay warm-up"})
final class WarmUpVerb implements Callable<Integer> {
  private static final int REQUESTS = 100;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (ProxyDemo demo = ProxyDemo.start(1, REQUESTS, 0, 0)) {
      demo.run((side, done, good, all) -> {});
    }
    Path folder = Files.createTempDirectory("belay-warm-up");
    try {
      serve(folder.resolve("belay.db"));
    } finally {
      delete(folder);
    }
    return ExitCode.OK;
  }

  private static void serve(Path file) throws IOException, InterruptedException {
    String yaml =
        """
        control: {port: 0}
        store: {url: "sqlite:${FILE}"}
        proxy: {port: 0, socks_port: 0}
        """;
    BelayConfig config = BelayConfig.parse(yaml, "warm-up", Map.of("FILE", file.toString()));
    BelayServer.start(config, Store.opening(config.store())).stop();
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (var all = Files.list(folder)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(folder);
  }
}
