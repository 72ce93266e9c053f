package dev.belay.llm.transport;

import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.CliInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file that goes with one call of a program: its own, readable by us alone, gone after. */
final class CliFiles implements AutoCloseable {
  private final List<String> command;
  private final @Nullable Path config;

  private CliFiles(List<String> command, @Nullable Path config) {
    this.command = command;
    this.config = config;
  }

  static CliFiles of(Backend.Cli cli, CliInput input) throws IOException {
    List<String> command = cli.command();
    if (command.stream().noneMatch(word -> word.contains("{mcp_config}"))) {
      return new CliFiles(command, null);
    }
    Path file = Files.createTempFile("belay-mcp-", ".json");
    try {
      Files.writeString(file, input.mcpConfig());
      return new CliFiles(command, file);
    } catch (IOException full) {
      Files.deleteIfExists(file);
      throw full;
    }
  }

  String config() {
    return config == null ? "" : config.toString();
  }

  boolean takesPrompt() {
    return command.contains("{prompt}");
  }

  @Override
  public void close() throws IOException {
    if (config != null) {
      Files.deleteIfExists(config);
    }
  }
}
