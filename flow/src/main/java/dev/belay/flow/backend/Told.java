package dev.belay.flow.backend;

/** Tells a listener line by line, and no line that is too long. For one thread. */
record Told(AgentListener listener) {

  /** Each line of a text that holds something. */
  void text(String text) {
    text.lines().filter(line -> !line.isBlank()).forEach(this::line);
  }

  void line(String line) {
    String whole = line.stripTrailing();
    if (!whole.isEmpty()) {
      int end = Math.min(whole.length(), AgentListener.LONGEST_LINE);
      boolean halved = end < whole.length() && Character.isHighSurrogate(whole.charAt(end - 1));
      listener.line(whole.substring(0, halved ? end - 1 : end));
    }
  }
}
