package dev.belay.llm.check;

import java.util.Locale;
import java.util.Optional;

/** {@code length}: the answer is neither too short nor too long. */
record LengthCheck(Unit unit, int least, int most) implements Validator {
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  /** What is counted. */
  enum Unit {
    CHARS,
    WORDS,
    LINES,
    SENTENCES,
    TOKENS
  }

  static Validator of(Params params) {
    int least = either(params, "min", "min_length", 0);
    int most = either(params, "max", "max_length", NO_LIMIT);
    if (least == 0 && most == NO_LIMIT) {
      throw params.bad("min", "given, or max, or both");
    }
    if (least > most) {
      throw params.bad("min", "at most max, which is " + most);
    }
    return new LengthCheck(params.choice("unit", Unit.CHARS), least, most);
  }

  private static int either(Params params, String name, String older, int otherwise) {
    int first = params.whole(older, otherwise, 0, NO_LIMIT);
    return params.whole(name, first, 0, NO_LIMIT);
  }

  @Override
  public String name() {
    return "length";
  }

  @Override
  public Finding check(Answer answer, CheckContext context) {
    if (most == NO_LIMIT && TextUnits.reaches(answer.text(), unit, least)) {
      return Finding.valid(answer);
    }
    long length = TextUnits.count(answer.text(), unit);
    String of = (unit == Unit.TOKENS ? "about " : "") + length + " " + noun();
    if (length < least) {
      return Finding.invalid(
          Problem.of(
              name(),
              "the answer has %s, and must have at least %d".formatted(of, least),
              "Say more: at least %d %s.".formatted(least, noun())));
    }
    if (length > most) {
      return Finding.invalid(
          Problem.of(
              name(),
              "the answer has %s, and may have at most %d".formatted(of, most),
              "Say it in at most %d %s.".formatted(most, noun())));
    }
    return Finding.valid(answer);
  }

  private String noun() {
    return unit == Unit.CHARS ? "characters" : unit.name().toLowerCase(Locale.ROOT);
  }

  /** The first characters or lines, as many as may be. */
  @Override
  public Optional<Answer> fix(Answer answer) {
    String text = answer.text();
    return switch (unit) {
      case CHARS ->
          text.codePointCount(0, text.length()) > most
              ? Optional.of(answer.withText(text.substring(0, text.offsetByCodePoints(0, most))))
              : Optional.empty();
      case LINES ->
          Optional.of(answer.withText(String.join("\n", text.lines().limit(most).toList())));
      case WORDS, SENTENCES, TOKENS -> Optional.empty();
    };
  }
}
