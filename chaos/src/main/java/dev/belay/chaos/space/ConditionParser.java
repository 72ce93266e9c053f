package dev.belay.chaos.space;

import dev.belay.chaos.space.Condition.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads conditions: terms such as {@code delay_ms >= 1000} or {@code code in [500, 503]}, joined by
 * {@code and}, then {@code or}, in parentheses where that is not meant.
 */
final class ConditionParser {
  private static final int LONGEST = 2000;
  private static final int DEEPEST = 20;

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<sign><=|>=|==|!=|=|<|>|\\[|\\]|\\(|\\)|,)"
              + "|(?<number>[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?(?![\\w.]))"
              + "|'(?<single>[^']*)'|\"(?<double>[^\"]*)\"|(?<word>[\\w.-]+))");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  ConditionParser(String text) {
    this.text = text;
    if (text.length() > LONGEST) {
      throw new InvalidSpace("constraint must have at most %d characters".formatted(LONGEST));
    }
    Matcher matcher = TOKEN.matcher(text);
    int from = 0;
    while (!text.substring(from).isBlank()) {
      if (!matcher.find(from) || matcher.start() != from) {
        throw wrong("a name, an operator or a value", text.substring(from).strip());
      }
      tokens.add(token(matcher));
      from = matcher.end();
    }
  }

  /** A quoted text is never a keyword. */
  private record Token(String text, boolean quoted, boolean numeric) {
    boolean is(String keyword) {
      return !quoted && text.toLowerCase(Locale.ROOT).equals(keyword);
    }
  }

  private static Token token(Matcher matcher) {
    String single = matcher.group("single");
    String quoted = single != null ? single : matcher.group("double");
    return quoted != null
        ? new Token(quoted, true, false)
        : new Token(matcher.group().strip(), false, matcher.group("number") != null);
  }

  Condition rule() {
    Condition rule;
    if (skip("if")) {
      Condition premise = or(0);
      expect("then");
      rule = Constraint.implies(premise, or(0));
    } else {
      rule = or(0);
    }
    end();
    return rule;
  }

  Condition condition() {
    Condition condition = or(0);
    end();
    return condition;
  }

  /** A name alone, or a condition. */
  Condition member() {
    if (tokens.size() == 1) {
      return new Condition.On(name());
    }
    return condition();
  }

  private Condition or(int depth) {
    if (depth > DEEPEST) {
      throw new InvalidSpace("constraint '%s' is nested too deep".formatted(text));
    }
    List<Condition> parts = new ArrayList<>(List.of(and(depth)));
    while (skip("or")) {
      parts.add(and(depth));
    }
    return parts.size() == 1 ? parts.getFirst() : new Condition.Any(parts);
  }

  private Condition and(int depth) {
    List<Condition> parts = new ArrayList<>(List.of(term(depth)));
    while (skip("and")) {
      parts.add(term(depth));
    }
    return parts.size() == 1 ? parts.getFirst() : new Condition.All(parts);
  }

  private Condition term(int depth) {
    if (skip("(")) {
      Condition inner = or(depth + 1);
      expect(")");
      return inner;
    }
    if (skip("not")) {
      return new Condition.Not(term(depth + 1));
    }
    String field = name();
    Operator operator = operator();
    List<Value> values =
        operator == Operator.IN || operator == Operator.NOT_IN ? list() : List.of(value());
    try {
      return new Condition.Compare(field, operator, values);
    } catch (IllegalArgumentException refused) {
      throw new InvalidSpace(
          "constraint '%s': %s".formatted(text, String.valueOf(refused.getMessage())));
    }
  }

  private Operator operator() {
    if (skip("must")) {
      expect("be");
      boolean bare = at < tokens.size() && !isOperator(tokens.get(at));
      return bare ? Operator.IS : operator();
    }
    if (skip("is")) {
      if (skip("not")) {
        return skip("in") ? Operator.NOT_IN : Operator.IS_NOT;
      }
      return skip("in") ? Operator.IN : Operator.IS;
    }
    if (skip("not")) {
      expect("in");
      return Operator.NOT_IN;
    }
    String token = at < tokens.size() ? tokens.get(at).text() : "the end";
    Operator found =
        switch (token.toLowerCase(Locale.ROOT)) {
          case "=", "==", "equals" -> Operator.IS;
          case "!=" -> Operator.IS_NOT;
          case ">" -> Operator.ABOVE;
          case ">=" -> Operator.AT_LEAST;
          case "<" -> Operator.BELOW;
          case "<=" -> Operator.AT_MOST;
          case "in" -> Operator.IN;
          default -> throw wrong("is, =, !=, >, >=, <, <=, in, not in or must be", token);
        };
    at++;
    return found;
  }

  private static boolean isOperator(Token token) {
    return !token.quoted()
        && token.text().toLowerCase(Locale.ROOT).matches("[=<>!]+|in|not|is|equals");
  }

  private List<Value> list() {
    String close = skip("(") ? ")" : "]";
    if (close.equals("]")) {
      expect("[");
    }
    List<Value> values = new ArrayList<>(List.of(value()));
    while (skip(",")) {
      values.add(value());
    }
    expect(close);
    return values;
  }

  private Value value() {
    Token token = next("a value");
    if (token.quoted()) {
      return Value.of(token.text());
    }
    if (token.numeric()) {
      double number = Double.parseDouble(token.text());
      if (Double.isInfinite(number)) {
        throw wrong("a finite number", token.text());
      }
      return Value.of(number);
    }
    if (!Character.isJavaIdentifierPart(token.text().charAt(0))) {
      throw wrong("a value", token.text());
    }
    return switch (token.text()) {
      case "true" -> Value.of(true);
      case "false" -> Value.of(false);
      default -> Value.of(token.text());
    };
  }

  private String name() {
    Token token = next("the name of a dimension");
    if (token.quoted() || !token.text().matches("[a-zA-Z_]\\w*")) {
      throw wrong("the name of a dimension", token.text());
    }
    return token.text();
  }

  private Token next(String wanted) {
    if (at == tokens.size()) {
      throw wrong(wanted, "the end");
    }
    return tokens.get(at++);
  }

  private boolean skip(String keyword) {
    boolean there = at < tokens.size() && tokens.get(at).is(keyword);
    at += there ? 1 : 0;
    return there;
  }

  private void expect(String keyword) {
    if (!skip(keyword)) {
      throw wrong(keyword, at == tokens.size() ? "the end" : tokens.get(at).text());
    }
  }

  private void end() {
    if (at < tokens.size()) {
      throw wrong("and, or or the end", tokens.get(at).text());
    }
  }

  private InvalidSpace wrong(String wanted, String was) {
    return new InvalidSpace("constraint '%s': expected %s, was %s".formatted(text, wanted, was));
  }
}
