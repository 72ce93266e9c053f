package dev.belay.chaos.space;

import java.util.OptionalInt;

/**
 * The part of a space that a complaint is about.
 *
 * @param key what it stands under in a document
 * @param index its number there, counted from 0; none if all that stands there is meant
 * @param words what a message calls it
 */
record Part(String key, OptionalInt index, String words) {
  static final Part DIMENSIONS = new Part("dimensions", OptionalInt.empty(), "dimensions");
  static final Part CONSTRAINTS = new Part("constraints", OptionalInt.empty(), "constraints");
  static final Part NAME = new Part("name", OptionalInt.empty(), "name");

  static Part dimension(int index, Dimension dimension) {
    return new Part(DIMENSIONS.key(), OptionalInt.of(index), "condition of " + dimension.name());
  }

  static Part constraint(int index, Constraint constraint) {
    return new Part(
        CONSTRAINTS.key(), OptionalInt.of(index), "constraint '%s'".formatted(constraint));
  }

  @Override
  public String toString() {
    return words;
  }
}
