package dev.belay.llm.json;

import dev.belay.llm.json.Repair.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads numbers, literals and text without quotes. */
final class RepairWords {
  private static final int LONGEST_NUMBER = 1000;
  private static final Set<String> LITERALS =
      Set.of(
          "true",
          "false",
          "null",
          "True",
          "False",
          "None",
          "TRUE",
          "FALSE",
          "NULL",
          "nil",
          "undefined",
          "NaN",
          "nan",
          "Infinity",
          "inf");

  private final RepairText in;
  private final NanPolicy nan;

  RepairWords(RepairText in, NanPolicy nan) {
    this.in = in;
    this.nan = nan;
  }

  static boolean isLiteral(String word) {
    return LITERALS.contains(word);
  }

  /** A number, a literal, or words; empty if the text was cut so early that nothing can be said. */
  Optional<Json> read() {
    int start = in.at;
    int end = endOfWord(start);
    String word = in.text.substring(start, end);
    if (word.isEmpty()) {
      throw in.broken("a value was expected, not " + in.shown());
    }
    Optional<Json> value = literal(word).or(() -> number(word));
    if (value.isPresent()) {
      in.at = end;
      return value;
    }
    if (end == in.text.length() && isCut(word)) {
      in.note(Kind.TRUNCATED, "a value without its end");
      in.at = end;
      return completed(word);
    }
    return Optional.of(words());
  }

  private int endOfWord(int start) {
    int end = start;
    while (end < in.text.length()
        && ",:]}{[\"'".indexOf(in.text.charAt(end)) < 0
        && !RepairText.isSpace(in.text.charAt(end))
        && !(in.text.charAt(end) == '/' && "/*".indexOf(in.at(end + 1)) >= 0)) {
      end++;
    }
    return end;
  }

  private Optional<Json> literal(String word) {
    Optional<Json> value =
        switch (word) {
          case "true" -> Optional.of(Json.of(true));
          case "false" -> Optional.of(Json.of(false));
          case "null" -> Optional.of(new Json.Null());
          case "True", "TRUE" -> foreign(word, Json.of(true));
          case "False", "FALSE" -> foreign(word, Json.of(false));
          case "None", "NULL", "nil", "undefined" -> foreign(word, new Json.Null());
          case "NaN", "nan", "Infinity", "inf", "-Infinity", "-inf", "+Infinity" ->
              Optional.of(noNumber(word));
          default -> Optional.empty();
        };
    return value;
  }

  private Optional<Json> foreign(String word, Json value) {
    in.note(Kind.LITERAL, "'%s' for %s".formatted(word, value));
    return Optional.of(value);
  }

  private Json noNumber(String word) {
    return switch (nan) {
      case REJECT -> throw in.broken("'%s' has no form in JSON".formatted(word));
      case NULL -> foreign(word, new Json.Null()).orElseThrow();
      case STRING -> foreign(word, Json.of(word)).orElseThrow();
    };
  }

  private Optional<Json> number(String word) {
    if (word.length() > LONGEST_NUMBER || !startsNumber(word)) {
      return Optional.empty();
    }
    if (isStrict(word)) {
      try {
        return Optional.of(new Json.Num(new BigDecimal(word)));
      } catch (NumberFormatException tooMuch) {
        throw in.broken("a number with such an exponent cannot be read");
      }
    }
    Optional<Json> number = lenient(word);
    number.ifPresent(value -> in.note(Kind.NUMBER, "'%s' for %s".formatted(word, value)));
    return number;
  }

  private static boolean startsNumber(String word) {
    char c = word.charAt(0);
    return c == '-' || c == '+' || c == '.' || (c >= '0' && c <= '9');
  }

  /** RFC 8259, by hand because it is on the way of every number. */
  private static boolean isStrict(String word) {
    int at = word.charAt(0) == '-' ? 1 : 0;
    int whole = digits(word, at);
    if (whole == at || (word.charAt(at) == '0' && whole > at + 1)) {
      return false;
    }
    at = whole;
    if (at < word.length() && word.charAt(at) == '.') {
      int fraction = digits(word, at + 1);
      if (fraction == at + 1) {
        return false;
      }
      at = fraction;
    }
    if (at < word.length() && (word.charAt(at) == 'e' || word.charAt(at) == 'E')) {
      int sign = at + 1 < word.length() && "+-".indexOf(word.charAt(at + 1)) >= 0 ? 2 : 1;
      int exponent = digits(word, at + sign);
      if (exponent == at + sign) {
        return false;
      }
      at = exponent;
    }
    return at == word.length();
  }

  private static int digits(String word, int from) {
    int at = from;
    while (at < word.length() && word.charAt(at) >= '0' && word.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  private static Optional<Json> lenient(String word) {
    String plain = word.startsWith("+") ? word.substring(1) : word;
    try {
      if (plain.matches("-?0[xX][0-9a-fA-F]{1,16}")) {
        boolean negative = plain.startsWith("-");
        BigInteger value = new BigInteger(plain.substring(negative ? 3 : 2), 16);
        return Optional.of(new Json.Num(new BigDecimal(negative ? value.negate() : value)));
      }
      if (plain.matches("-?[0-9][0-9_]*(\\.[0-9]*)?([eE][+-]?[0-9]{1,9})?|-?\\.[0-9]+")) {
        return Optional.of(new Json.Num(new BigDecimal(plain.replace("_", ""))));
      }
      return Optional.empty();
    } catch (NumberFormatException tooMuch) {
      return Optional.empty();
    }
  }

  /** Whether a word at the end of the text is the beginning of a number or a literal. */
  private static boolean isCut(String word) {
    return word.matches("[-+]?([0-9]+(\\.[0-9]*)?([eE][+-]?)?)?")
        || List.of("true", "false", "null", "True", "False", "None").stream()
            .anyMatch(literal -> literal.startsWith(word));
  }

  private static Optional<Json> completed(String word) {
    return switch (word.charAt(0)) {
      case 't', 'T' -> Optional.of(Json.of(true));
      case 'f', 'F' -> Optional.of(Json.of(false));
      case 'n', 'N' -> Optional.of(new Json.Null());
      default -> Optional.empty();
    };
  }

  /** Text without quotes, up to the next comma, bracket or end of line. */
  private Json words() {
    int start = in.at;
    if (!RepairText.isNameStart(in.peek()) && !Character.isDigit(in.peek())) {
      throw in.broken("a value was expected, not " + in.shown());
    }
    int end = start;
    while (end < in.text.length()
        && ",]}\n\"{[".indexOf(in.text.charAt(end)) < 0
        && !(in.text.charAt(end) == '/'
            && end > start
            && in.at(end + 1) == '/'
            && RepairText.isSpace(in.text.charAt(end - 1)))) {
      end++;
    }
    in.note(Kind.QUOTES, "text without quotes");
    in.at = end;
    return Json.of(in.text.substring(start, end).strip());
  }
}
