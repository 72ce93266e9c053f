package dev.belay.chaos.space;

import dev.belay.Check;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What all kinds of dimensions have.
 *
 * @param name letters, digits and underscores, no digit first; 1 to 64 of them
 * @param description for people; may be empty
 * @param required whether a plan is none without it; told to whoever makes plans, no part of the
 *     search
 * @param standard the value to start from, if there is one
 * @param condition when the dimension means anything; always, if there is none
 */
public record Traits(
    String name,
    String description,
    boolean required,
    Optional<Value> standard,
    Optional<Condition> condition) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,63}");

  public Traits {
    Check.that(
        NAME.matcher(name).matches(),
        "name must be 1 to 64 letters, digits and underscores, no digit first, was '%s'",
        name);
    Check.that(
        description.length() <= 512,
        "description must have at most 512 characters, had %d",
        description.length());
  }

  /** A name and nothing else. */
  public static Traits named(String name) {
    return new Traits(name, "", false, Optional.empty(), Optional.empty());
  }

  /** The same with a value to start from. */
  public Traits withStandard(Value value) {
    return new Traits(name, description, required, Optional.of(value), condition);
  }

  /** The same under a condition. */
  public Traits when(Condition holds) {
    return new Traits(name, description, required, standard, Optional.of(holds));
  }
}
