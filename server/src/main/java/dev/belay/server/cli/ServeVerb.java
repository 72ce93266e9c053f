package dev.belay.server.cli;

import dev.belay.server.BelayServer;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.store.Store;
import dev.belay.settings.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves until it is told to stop. */
@Command(
    name = "serve",
    description = "Serve the proxies and the control port until stopped.",
    footer = {
      "",
      "Example:",
      "  belay serve -c belay.yaml --proxy-port 0",
      "  curl -x http://127.0.0.1:8118 http://example.com/"
    })
final class ServeVerb implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeVerb.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final Program belay;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration; built-in defaults without it.")
  private @Nullable Path file;

  @Option(names = "--control-port", paramLabel = "PORT", description = "0 for any free one.")
  private @Nullable Integer controlPort;

  @Option(names = "--proxy-port", paramLabel = "PORT", description = "0 for any free one.")
  private @Nullable Integer proxyPort;

  @Option(names = "--socks-port", paramLabel = "PORT", description = "0 for any free one.")
  private @Nullable Integer socksPort;

  @Option(names = "--llm-port", paramLabel = "PORT", description = "0 for any free one.")
  private @Nullable Integer llmPort;

  ServeVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    BelayConfig config = withPorts(load());
    BelayServer server = BelayServer.start(config, Store.opening(config.store()));
    ready(server);
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              told.countDown();
              awaitQuietly(stopped);
            },
            "belay-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      watch(server, told);
      int cut = server.stop();
      LOG.info("stopped; {} tunnels were cut", cut);
    } finally {
      stopped.countDown();
    }
    return ExitCode.OK;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private BelayConfig load() {
    Map<String, String> environment = belay.terminal().environment();
    return file == null
        ? BelayConfig.parse("", "built in", environment)
        : BelayConfig.load(file, environment);
  }

  private BelayConfig withPorts(BelayConfig config) {
    return config
        .withPorts(
            Optional.ofNullable(controlPort),
            Optional.ofNullable(proxyPort),
            Optional.ofNullable(socksPort))
        .withLlmPort(Optional.ofNullable(llmPort));
  }

  private void ready(BelayServer server) {
    PrintWriter out = belay.terminal().out();
    if (belay.isJson()) {
      out.println(
          "{\"ready\":true,\"control\":\"%s\",\"proxy\":\"%s\",\"socks\":\"%s\"%s}"
              .formatted(
                  server.control(),
                  server.proxy(),
                  server.socks(),
                  server.llm().map(",\"llm\":\"%s\""::formatted).orElse("")));
    } else {
      out.println(
          "ready  control %s  proxy %s  socks %s%s  transport %s"
              .formatted(
                  server.control(),
                  server.proxy(),
                  server.socks(),
                  server.llm().map("  llm %s"::formatted).orElse(""),
                  server.transport()));
    }
    out.flush();
  }

  /** Takes the file over again whenever it changes; a bad one is told of and changes nothing. */
  private void watch(BelayServer server, CountDownLatch told)
      throws IOException, InterruptedException {
    FileTime seen = changed();
    while (!told.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
      FileTime now = changed();
      if (!now.equals(seen)) {
        seen = now;
        reload(server);
      }
    }
  }

  private void reload(BelayServer server) {
    try {
      server.reload(load());
    } catch (ConfigException bad) {
      LOG.error("the changed configuration was not taken over:\n{}", bad.getMessage());
    } catch (IOException unreadable) {
      LOG.error("the changed configuration was not taken over: {}", unreadable.toString());
    }
  }

  private FileTime changed() throws IOException {
    return file == null || !Files.exists(file)
        ? FileTime.fromMillis(0)
        : Files.getLastModifiedTime(file);
  }
}
