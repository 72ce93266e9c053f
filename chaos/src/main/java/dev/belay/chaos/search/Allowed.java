package dev.belay.chaos.search;

import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.Value;
import dev.belay.chaos.wire.WireException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What a dimension of one fault may be. */
sealed interface Allowed {
  /** In the words of a message, after {@code must be}. */
  String wanted();

  /** Whether a value of a category is one of them. */
  boolean holds(Value value);

  /** Whether each number between two is one of them. */
  boolean holds(double min, double max);

  /**
   * One of some words, in capitals or not.
   *
   * @param words at least one
   */
  record Words(List<String> words) implements Allowed {
    @Override
    public String wanted() {
      return "one of " + String.join(", ", words);
    }

    @Override
    public boolean holds(Value value) {
      return words.contains(value.toString().toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean holds(double min, double max) {
      return false;
    }
  }

  /**
   * A number, or a text that is one.
   *
   * @param low the least
   * @param high the greatest
   */
  record Numbers(double low, double high) implements Allowed {
    @Override
    public String wanted() {
      return "in %s to %s".formatted(Value.of(low), Value.of(high));
    }

    @Override
    public boolean holds(Value value) {
      OptionalDouble number = number(value.toString());
      return number.isPresent() && holds(number.getAsDouble(), number.getAsDouble());
    }

    @Override
    public boolean holds(double min, double max) {
      return low <= min && max <= high;
    }
  }

  /**
   * A text.
   *
   * @param beginning what it begins with; may be empty
   */
  record Texts(String beginning) implements Allowed {
    @Override
    public String wanted() {
      return beginning.isEmpty() ? "a name" : "a text that begins with " + beginning;
    }

    @Override
    public boolean holds(Value value) {
      String text = value.toString();
      return !text.isBlank() && text.startsWith(beginning);
    }

    @Override
    public boolean holds(double min, double max) {
      return false;
    }
  }

  /**
   * Complains about a dimension that has anything else.
   *
   * @param path where it is, for messages
   */
  default void check(String path, Dimension dimension) {
    switch (dimension) {
      case Dimension.Categorical category -> {
        for (int i = 0; i < category.values().size(); i++) {
          if (!holds(category.values().get(i))) {
            throw new WireException(
                "%s.values[%d]".formatted(path, i),
                "%s; %s was %s".formatted(wanted(), dimension.name(), category.values().get(i)));
          }
        }
      }
      case Dimension.Real real -> check(path, dimension, real.min(), real.max());
      case Dimension.Whole whole ->
          check(path, dimension, (double) whole.min(), (double) whole.max());
    }
  }

  private void check(String path, Dimension dimension, double min, double max) {
    if (!holds(min, max)) {
      throw new WireException(
          path + ".bounds",
          "%s; %s was %s".formatted(wanted(), dimension.name(), dimension.range()));
    }
  }

  /** The number that a text is; categories may hold numbers as texts. */
  static OptionalDouble number(String text) {
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException none) {
      return OptionalDouble.empty();
    }
  }
}
