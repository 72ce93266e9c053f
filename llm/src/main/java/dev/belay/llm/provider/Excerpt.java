package dev.belay.llm.provider;

/** A piece of something that was not expected, fit to stand in a message. */
final class Excerpt {
  private static final int LONGEST = 200;

  private Excerpt() {}

  static String of(String text) {
    String clean = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
    if (clean.isEmpty()) {
      return "nothing";
    }
    int end = Math.min(LONGEST, clean.length());
    if (end < clean.length() && Character.isHighSurrogate(clean.charAt(end - 1))) {
      end--;
    }
    return "'" + clean.substring(0, end) + (end < clean.length() ? "…" : "") + "'";
  }
}
