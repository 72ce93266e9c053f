package dev.belay.llm.json;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON value. Immutable; objects keep the order of their members. {@link Object#toString} gives
 * it on one line.
 */
public sealed interface Json {

  /** The empty object. */
  Obj EMPTY = new Obj(Map.of());

  /** An object. */
  record Obj(Map<String, Json> members) implements Json {
    /** Keeps a copy in the given order. */
    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** The member of this name. */
    public Optional<Json> get(String name) {
      return Optional.ofNullable(members.get(name));
    }

    /** The same with one member more, or another value for it. */
    public Obj with(String name, Json value) {
      Map<String, Json> more = new LinkedHashMap<>(members);
      more.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
      return new Obj(more);
    }

    @Override
    public String toString() {
      return JsonText.write(this);
    }
  }

  /** An array. */
  record Arr(List<Json> items) implements Json {
    /** Keeps a copy. */
    public Arr {
      items = List.copyOf(items);
    }

    @Override
    public String toString() {
      return JsonText.write(this);
    }
  }

  /** A string. */
  record Str(String value) implements Json {
    /** Rejects null. */
    public Str {
      requireNonNull(value, "value");
    }

    @Override
    public String toString() {
      return JsonText.write(this);
    }
  }

  /** A number, exactly as it was written. */
  record Num(BigDecimal value) implements Json {
    /** Rejects null. */
    public Num {
      requireNonNull(value, "value");
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  /** True or false. */
  record Bool(boolean value) implements Json {
    @Override
    public String toString() {
      return String.valueOf(value);
    }
  }

  /** Null. */
  record Null() implements Json {
    @Override
    public String toString() {
      return "null";
    }
  }

  /** A string. */
  static Str of(String value) {
    return new Str(value);
  }

  /** A whole number. */
  static Num of(long value) {
    return new Num(BigDecimal.valueOf(value));
  }

  /**
   * A number.
   *
   * @throws NumberFormatException if it is infinite or no number
   */
  static Num of(double value) {
    return new Num(BigDecimal.valueOf(value));
  }

  /** True or false. */
  static Bool of(boolean value) {
    return new Bool(value);
  }

  /** An array. */
  static Arr of(List<? extends Json> items) {
    return new Arr(List.copyOf(items));
  }

  /**
   * Reads strict JSON (RFC 8259): one value and nothing after it.
   *
   * @throws JsonException that says where it went wrong
   */
  static Json parse(String text) {
    return JsonText.read(text);
  }

  /**
   * The same, but refuses an object in which a name stands twice, and more than 16 million
   * characters.
   *
   * @throws JsonException if it is not JSON, or not so plain
   */
  static Json parseUnique(String text) {
    return JsonText.readUnique(text);
  }
}
