package dev.belay.flow.backend;

import java.util.Collection;
import java.util.List;

/** What is put into a message: one line, bounded, without secrets. Immutable. */
record Words(List<String> secrets) {
  /** The longest that is quoted. */
  static final int LONGEST = 2 << 10;

  /** An answer may be long, and only a little of it is quoted. */
  private static final int LOOKED_AT = 16 << 10;

  private static final int SHORTEST_SECRET = 6;
  private static final String MARK = "***";

  /** Leaves out what is too short to be a secret: it may be any word. */
  static Words without(Collection<String> secrets) {
    return new Words(secrets.stream().filter(one -> one.length() >= SHORTEST_SECRET).toList());
  }

  /** The end of a text. */
  String end(String text) {
    String line = line(text.substring(Math.max(0, text.length() - LOOKED_AT)));
    return line.length() <= LONGEST ? line : "…" + line.substring(line.length() - LONGEST);
  }

  /** The start of a text. */
  String start(String text) {
    String line = line(text.substring(0, Math.min(text.length(), LOOKED_AT)));
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  private String line(String text) {
    // before lines are joined, or a secret of two lines would not be found
    String hidden = text;
    for (String secret : secrets) {
      hidden = hidden.replace(secret, MARK);
    }
    return hidden.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
  }
}
