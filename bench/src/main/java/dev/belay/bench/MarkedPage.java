package dev.belay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of which parts are written by measurements; each part lies between two markers. */
final class MarkedPage {
  private final Path file;

  MarkedPage(Path file) {
    this.file = file;
  }

  /**
   * Replaces a part.
   *
   * @throws IllegalStateException if the page lacks its markers
   */
  void write(String part, String text) throws IOException {
    String page = Files.readString(file);
    String begin = "<!-- %s:begin -->".formatted(part);
    String end = "<!-- %s:end -->".formatted(part);
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalStateException("%s lacks %s and %s".formatted(file, begin, end));
    }
    Files.writeString(
        file,
        page.substring(0, from + begin.length())
            + "\n\n"
            + text.strip()
            + "\n\n"
            + page.substring(to));
  }
}
