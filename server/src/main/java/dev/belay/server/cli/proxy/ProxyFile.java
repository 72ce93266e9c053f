package dev.belay.server.cli.proxy;

import dev.belay.proxy.source.ListRefused;
import dev.belay.proxy.source.ListRules;
import dev.belay.proxy.source.ProxyList;
import dev.belay.server.cli.shared.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads lists of proxies from files and from standard input. */
final class ProxyFile {
  /** Stands for standard input. */
  static final String STDIN = "-";

  private ProxyFile() {}

  /**
   * A list in text, CSV or JSON.
   *
   * @throws ParameterException if there is none to be read
   */
  static ProxyList read(CommandSpec verb, Terminal terminal, String file, ListRules rules) {
    try {
      return ProxyList.read(bytes(terminal, file), rules);
    } catch (IOException unreadable) {
      throw new ParameterException(
          verb.commandLine(), "cannot read %s; is it there?".formatted(file), unreadable);
    } catch (ListRefused refused) {
      throw new ParameterException(
          verb.commandLine(),
          "%s: %s".formatted(file.equals(STDIN) ? "standard input" : file, refused.getMessage()),
          refused);
    }
  }

  /** One byte more than is allowed shows that it is too large. */
  private static byte[] bytes(Terminal terminal, String file) throws IOException {
    if (file.equals(STDIN)) {
      return terminal.in().readNBytes(ProxyList.MOST_BYTES + 1);
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return in.readNBytes(ProxyList.MOST_BYTES + 1);
    }
  }
}
