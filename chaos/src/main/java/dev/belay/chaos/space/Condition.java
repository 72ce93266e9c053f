package dev.belay.chaos.space;

import dev.belay.Check;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Something that is true, false or, where it asks for a dimension that is not active, neither. A
 * dimension is active while its condition is true; a constraint is violated while it is false.
 */
public sealed interface Condition {

  /** How a value is compared. */
  enum Operator {
    /** The same value. */
    IS("="),
    /** Another value. */
    IS_NOT("!="),
    /** A greater number. */
    ABOVE(">"),
    /** A greater number or the same. */
    AT_LEAST(">="),
    /** A lesser number. */
    BELOW("<"),
    /** A lesser number or the same. */
    AT_MOST("<="),
    /** One of some values. */
    IN("in"),
    /** None of some values. */
    NOT_IN("not in");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    boolean asksForOrder() {
      return this == ABOVE || this == AT_LEAST || this == BELOW || this == AT_MOST;
    }
  }

  /** The names of the dimensions that it asks for. */
  default Set<String> fields() {
    Set<String> fields = new LinkedHashSet<>();
    collect(this, fields);
    return fields;
  }

  private static void collect(Condition condition, Set<String> fields) {
    switch (condition) {
      case Compare compare -> fields.add(compare.field());
      case On on -> fields.add(on.field());
      case Not not -> collect(not.condition(), fields);
      case All all -> all.conditions().forEach(each -> collect(each, fields));
      case Any any -> any.conditions().forEach(each -> collect(each, fields));
    }
  }

  /**
   * A dimension beside values.
   *
   * @param field the name of the dimension
   * @param operator how
   * @param values with what: one, or for {@code IN} and {@code NOT_IN} at least one
   */
  record Compare(String field, Operator operator, List<Value> values) implements Condition {
    public Compare {
      values = List.copyOf(values);
      boolean many = operator == Operator.IN || operator == Operator.NOT_IN;
      Check.that(
          many ? !values.isEmpty() : values.size() == 1,
          "%s %s needs %s, had %d",
          field,
          operator.sign,
          many ? "a value at least" : "one value",
          values.size());
      Check.that(
          !operator.asksForOrder() || values.getFirst() instanceof Value.Numeric,
          "%s %s needs a number, had %s",
          field,
          operator.sign,
          values.getFirst());
    }

    /** Beside one value. */
    public static Compare of(String field, Operator operator, Value value) {
      return new Compare(field, operator, List.of(value));
    }

    @Override
    public String toString() {
      boolean many = operator == Operator.IN || operator == Operator.NOT_IN;
      return field + " " + operator.sign + " " + (many ? values : values.getFirst());
    }
  }

  /**
   * A dimension that is switched on: active, and neither false, 0 nor a name like none or off.
   *
   * @param field the name of the dimension
   */
  record On(String field) implements Condition {
    private static final Set<String> OFF = Set.of("none", "off", "no", "false", "disabled", "");

    static boolean isOn(Value value) {
      return switch (value) {
        case Value.Text text -> !OFF.contains(text.text().toLowerCase(Locale.ROOT));
        case Value.Numeric number -> number.number() != 0;
        case Value.Flag flag -> flag.isTrue();
      };
    }

    @Override
    public String toString() {
      return field;
    }
  }

  /**
   * The opposite.
   *
   * @param condition of what
   */
  record Not(Condition condition) implements Condition {
    @Override
    public String toString() {
      return "not (" + condition + ")";
    }
  }

  /**
   * Each of some.
   *
   * @param conditions which
   */
  record All(List<Condition> conditions) implements Condition {
    public All {
      conditions = List.copyOf(conditions);
    }

    @Override
    public String toString() {
      return conditions.stream().map(c -> "(" + c + ")").collect(Collectors.joining(" and "));
    }
  }

  /**
   * At least one of some.
   *
   * @param conditions which
   */
  record Any(List<Condition> conditions) implements Condition {
    public Any {
      conditions = List.copyOf(conditions);
    }

    @Override
    public String toString() {
      return conditions.stream().map(c -> "(" + c + ")").collect(Collectors.joining(" or "));
    }
  }
}
