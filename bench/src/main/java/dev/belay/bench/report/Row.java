package dev.belay.bench.report;

/**
 * What one scenario was to show, and what it showed.
 *
 * @param what was tried
 * @param expected in words
 * @param measured in words
 * @param holds whether the one is the other
 */
record Row(String what, String expected, String measured, boolean holds) {

  /** A line of a table. */
  String markdown() {
    return "| %s | %s | %s | %s |"
        .formatted(cell(what), cell(expected), cell(measured), holds ? "pass" : "**FAIL**");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replaceAll("\\s+", " ");
  }
}
