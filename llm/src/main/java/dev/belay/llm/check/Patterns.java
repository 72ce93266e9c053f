package dev.belay.llm.check;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Regular expressions that take time in proportion to the text, whatever it is. */
final class Patterns {
  private Patterns() {}

  /** Compiles; the flags are of {@code ims}. */
  static Pattern compile(Params params, String name, String flags) {
    int bits = 0;
    for (int i = 0; i < flags.length(); i++) {
      bits |=
          switch (flags.charAt(i)) {
            case 'i' -> Pattern.CASE_INSENSITIVE;
            case 'm' -> Pattern.MULTILINE;
            case 's' -> Pattern.DOTALL;
            default -> throw params.bad("flags", "letters of 'i', 'm' and 's'");
          };
    }
    try {
      return Pattern.compile(params.text(name), bits);
    } catch (PatternSyntaxException bad) {
      throw params.bad(
          name,
          "an RE2 expression, without look-around and references back (%s)"
              .formatted(bad.getMessage()));
    }
  }
}
