package dev.belay.flow.backend;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads lines of any length: what is longer than {@value #LONGEST} characters is cut. What is not
 * UTF-8 is replaced.
 */
final class Lines {
  /** More than the longest answer, which in JSON takes more characters than it has. */
  static final int LONGEST = 40 << 20;

  private static final int PIECE = 16 << 10;

  private Lines() {}

  /**
   * Reads to the end.
   *
   * @param sign called for each piece, whether a line is complete or not
   */
  static void read(InputStream from, Runnable sign, Consumer<String> lines) throws IOException {
    Reader reader = new InputStreamReader(from, StandardCharsets.UTF_8);
    StringBuilder line = new StringBuilder();
    boolean begun = false;
    char[] piece = new char[PIECE];
    for (int count = reader.read(piece); count >= 0; count = reader.read(piece)) {
      sign.run();
      int start = 0;
      for (int at = 0; at < count; at++) {
        if (piece[at] == '\n') {
          append(line, piece, start, at);
          lines.accept(line.toString());
          line.setLength(0);
          start = at + 1;
        }
      }
      append(line, piece, start, count);
      begun = start < count || (begun && start == 0);
    }
    if (begun) {
      lines.accept(line.toString());
    }
  }

  private static void append(StringBuilder line, char[] piece, int start, int end) {
    int room = Math.max(0, LONGEST - line.length());
    line.append(piece, start, Math.min(end - start, room));
  }
}
