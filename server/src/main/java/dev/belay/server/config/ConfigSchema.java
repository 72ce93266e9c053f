package dev.belay.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schema (draft 2020-12) of {@code belay.yaml}, for editors. */
public final class ConfigSchema {
  private static final String NAME = "belay.schema.json";

  private ConfigSchema() {}

  /** Its text. */
  public static String text() {
    try (InputStream in = ConfigSchema.class.getResourceAsStream(NAME)) {
      if (in == null) {
        throw new IllegalStateException(NAME + " is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
