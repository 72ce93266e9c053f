package dev.belay.llm.transcript;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schema (draft 2020-12) of a line of a transcript, for programs that read them. */
public final class TranscriptSchema {
  private static final String NAME = "transcript.schema.json";

  private TranscriptSchema() {}

  /** Its text. */
  public static String text() {
    try (InputStream in = TranscriptSchema.class.getResourceAsStream(NAME)) {
      if (in == null) {
        throw new IllegalStateException(NAME + " is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
