package dev.belay.flow.backend;

/** The text of an answer, of which no more is kept than somebody can want. For one thread. */
final class Answer {
  /** The most characters that are kept. */
  static final int LONGEST = 16 << 20;

  private static final String CUT = "\n[cut here: the answer is longer than 16 MB]";

  private final StringBuilder text = new StringBuilder();
  private boolean cut;

  void append(String more) {
    int room = LONGEST - text.length();
    cut |= more.length() > room;
    text.append(more, 0, Math.min(more.length(), room));
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  /** With a note at its end if it is not all of it. */
  @Override
  public String toString() {
    return cut ? text + CUT : text.toString();
  }

  static String bounded(String all) {
    Answer answer = new Answer();
    answer.append(all);
    return answer.toString();
  }
}
