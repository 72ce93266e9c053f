package dev.belay.server.cli;

import dev.belay.server.cli.shared.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs verbs and keeps what they print. */
public final class Shell {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();
  private byte[] typed = new byte[0];
  private boolean colours;

  /** Sets a variable of the environment. */
  public Shell with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** What is typed or piped in. */
  public Shell typing(String text) {
    typed = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  /** As on a terminal that shows colours. */
  public Shell withColours() {
    colours = true;
    return this;
  }

  /** What verbs print to. */
  public Terminal terminal() {
    return new Terminal(
        new ByteArrayInputStream(typed),
        new PrintWriter(out),
        new PrintWriter(err),
        environment,
        colours);
  }

  /** Runs a verb and tells its exit code. */
  public int run(String... args) {
    return Main.run(terminal(), args);
  }

  /** What verbs have printed as results. */
  public String out() {
    return out.toString();
  }

  /** What verbs have printed as errors. */
  public String err() {
    return err.toString();
  }

  /** Writes a configuration into a folder. */
  public static Path file(Path directory, String yaml) {
    try {
      return Files.writeString(directory.resolve("belay.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
