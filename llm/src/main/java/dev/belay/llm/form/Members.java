package dev.belay.llm.form;

import dev.belay.Check;
import dev.belay.llm.json.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The members of an object, read strictly: each error names the member and what was expected. For
 * one thread.
 */
public final class Members {
  private final String what;
  private final Json.Obj from;

  /**
   * Reads an object.
   *
   * @param what it is, for errors
   * @throws IllegalArgumentException if it is no object
   */
  public Members(String what, Json from) {
    this.what = what;
    if (!(from instanceof Json.Obj object)) {
      throw new IllegalArgumentException(what + " must be an object");
    }
    this.from = object;
  }

  /** Rejects members of other names. */
  public Members only(Set<String> names) {
    for (String name : from.members().keySet()) {
      Check.that(names.contains(name), "%s must not have a member '%s'", what, name);
    }
    return this;
  }

  /** The member, if it is there. */
  public Optional<Json> find(String name) {
    return from.get(name);
  }

  /** The member, which must be there. */
  public Json need(String name) {
    return from.get(name).orElseThrow(() -> wrong(name, "be there"));
  }

  /** A string. */
  public String text(String name) {
    return need(name) instanceof Json.Str text ? text.value() : fail(name, "be a string");
  }

  /** A string, or another if it is not there. */
  public String text(String name, String otherwise) {
    return find(name).isPresent() ? text(name) : otherwise;
  }

  /** A whole number that is not negative. */
  public long count(String name) {
    if (need(name) instanceof Json.Num number
        && number.value().signum() >= 0
        && number.value().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
        && number.value().scale() < 20
        && number.value().stripTrailingZeros().scale() <= 0) {
      return number.value().longValueExact();
    }
    return fail(name, "be a whole number of 0 or more");
  }

  /** A whole number that fits an {@code int}. */
  public int small(String name) {
    long count = count(name);
    Check.that(
        count <= Integer.MAX_VALUE,
        "%s: '%s' must be at most 2147483647, was %d",
        what,
        name,
        count);
    return (int) count;
  }

  /** A number. */
  public BigDecimal number(String name) {
    return need(name) instanceof Json.Num number ? number.value() : fail(name, "be a number");
  }

  /** True or false. */
  public boolean bool(String name) {
    return need(name) instanceof Json.Bool bool ? bool.value() : fail(name, "be true or false");
  }

  /** An object. */
  public Json.Obj object(String name) {
    return need(name) instanceof Json.Obj object ? object : fail(name, "be an object");
  }

  /** A list of what {@code each} reads. */
  public <T> List<T> list(String name, Function<Json, T> each) {
    return need(name) instanceof Json.Arr array
        ? array.items().stream().map(each).toList()
        : fail(name, "be a list");
  }

  /** A list of strings. */
  public List<String> texts(String name) {
    return list(
        name, item -> item instanceof Json.Str text ? text.value() : fail(name, "hold strings"));
  }

  /** An object whose values are strings. */
  public Map<String, String> textMap(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(name)
        .members()
        .forEach((key, value) ->
            texts.put(
                key, value instanceof Json.Str text ? text.value() : fail(name, "hold strings")));
    return texts;
  }

  /** One of the constants of an enum, written in lower case. */
  public <E extends Enum<E>> E oneOf(String name, Class<E> type) {
    String word = text(name);
    for (E constant : type.getEnumConstants()) {
      if (Words.of(constant).equals(word)) {
        return constant;
      }
    }
    return fail(name, "be one of " + Words.all(type) + ", was '" + Redaction.text(word) + "'");
  }

  /** Always fails; says what it returns only so that it fits where a value is wanted. */
  @SuppressWarnings("TypeParameterUnusedInFormals")
  public <T> T fail(String name, String must) {
    throw wrong(name, must);
  }

  private IllegalArgumentException wrong(String name, String must) {
    return new IllegalArgumentException("%s: '%s' must %s".formatted(what, name, must));
  }
}
