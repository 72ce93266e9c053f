package dev.belay.server.cli.flow;

import dev.belay.server.FlowDesk;
import dev.belay.server.cli.shared.Terminal;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.store.StoreRefused;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where runs are remembered. */
final class FlowOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration, whose store is used; without it .belay/belay.db.")
  private @Nullable Path file;

  FlowDesk open(Terminal terminal) throws IOException, InterruptedException {
    BelayConfig config =
        file == null ? BelayConfig.DEFAULT : BelayConfig.load(file, terminal.environment());
    try {
      return FlowDesk.open(config, terminal.environment());
    } catch (StoreRefused refused) {
      throw new IOException(refused.getMessage(), refused);
    }
  }
}
