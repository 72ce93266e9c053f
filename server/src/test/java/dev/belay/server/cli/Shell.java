package dev.belay.server.cli;

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
final class Shell {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();
  private byte[] typed = new byte[0];
  private boolean colours;

  Shell with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Shell typing(String text) {
    typed = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  Shell withColours() {
    colours = true;
    return this;
  }

  Terminal terminal() {
    return new Terminal(
        new ByteArrayInputStream(typed),
        new PrintWriter(out),
        new PrintWriter(err),
        environment,
        colours);
  }

  int run(String... args) {
    return Main.run(terminal(), args);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  static Path file(Path directory, String yaml) {
    try {
      return Files.writeString(directory.resolve("belay.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
