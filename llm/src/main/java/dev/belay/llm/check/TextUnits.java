package dev.belay.llm.check;

import java.text.BreakIterator;
import java.util.Locale;

/** Counts what a text is made of, in one pass. */
final class TextUnits {
  private TextUnits() {}

  static long count(String text, LengthCheck.Unit unit) {
    return switch (unit) {
      case CHARS -> text.codePointCount(0, text.length());
      case WORDS -> words(text);
      case LINES -> text.lines().count();
      case SENTENCES -> sentences(text);
      case TOKENS -> tokens(text);
    };
  }

  /** Whether there are so many, where that is seen without counting all of them. */
  static boolean reaches(String text, LengthCheck.Unit unit, int least) {
    return switch (unit) {
      case CHARS -> text.length() / 2 >= least;
      case WORDS -> words(text, least) >= least;
      case LINES, SENTENCES, TOKENS -> false;
    };
  }

  private static long words(String text) {
    return words(text, Long.MAX_VALUE);
  }

  /** Runs of letters and digits; hyphens and apostrophes join them; each ideograph is a word. */
  private static long words(String text, long enough) {
    long words = 0;
    boolean inside = false;
    for (int at = 0; at < text.length() && words < enough; ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (Character.isIdeographic(c)) {
        words++;
        inside = false;
      } else if (Characters.isOfWord(c)) {
        words += inside ? 0 : 1;
        inside = true;
      } else {
        inside = inside && (c == '\'' || c == '\u2019' || c == '-');
      }
    }
    return words;
  }

  private static long sentences(String text) {
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
    breaks.setText(text);
    long sentences = 0;
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      sentences += text.substring(start, end).codePoints().anyMatch(Characters::isOfWord) ? 1 : 0;
      start = end;
    }
    return sentences;
  }

  /**
   * An estimate, since each model cuts in its own way: a token for up to 6 Latin letters, 3 other
   * letters, 3 digits, an ideograph, or a sign.
   */
  private static long tokens(String text) {
    long tokens = 0;
    int run = 0;
    Kind before = Kind.SPACE;
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      Kind kind = Kind.of(c);
      run = kind == before ? run + 1 : 1;
      if (kind != Kind.SPACE && (run - 1) % kind.perToken == 0) {
        tokens++;
      }
      before = kind;
    }
    return tokens;
  }

  private enum Kind {
    SPACE(1),
    LATIN(6),
    LETTER(3),
    DIGIT(3),
    SIGN(1);

    private final int perToken;

    Kind(int perToken) {
      this.perToken = perToken;
    }

    static Kind of(int c) {
      if (Character.isWhitespace(c)) {
        return SPACE;
      }
      if (Character.isDigit(c)) {
        return DIGIT;
      }
      if (!Character.isLetter(c) || Character.isIdeographic(c)) {
        return SIGN;
      }
      return c < 0x250 || (c >= 0x1E00 && c < 0x1F00) ? LATIN : LETTER; // and its accents
    }
  }
}
