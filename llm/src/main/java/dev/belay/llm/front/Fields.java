package dev.belay.llm.front;

import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** Members of a JSON object that know where they stand, for errors that name it. */
record Fields(String path, Json.Obj object) {

  /** The whole body of a request. */
  static Fields of(String body) {
    try {
      if (Json.parse(body) instanceof Json.Obj object) {
        return new Fields("", object);
      }
    } catch (JsonException broken) {
      throw new BadRequest("", "the body is not JSON: " + broken.getMessage());
    }
    throw new BadRequest("", "the body must be a JSON object");
  }

  String place(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  BadRequest wrong(String name, String message) {
    return new BadRequest(place(name), message);
  }

  /** The member; null counts as not there. */
  Optional<Json> any(String name) {
    return object.get(name).filter(value -> !(value instanceof Json.Null));
  }

  boolean has(String name) {
    return any(name).isPresent();
  }

  Optional<String> text(String name) {
    return any(name)
        .map(value -> {
          if (value instanceof Json.Str string) {
            return string.value();
          }
          throw wrong(name, "must be a string");
        });
  }

  String required(String name) {
    return text(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> wrong(name, "is required and must be a string that is not empty"));
  }

  boolean yes(String name, boolean otherwise) {
    return any(name)
        .map(value -> {
          if (value instanceof Json.Bool bool) {
            return bool.value();
          }
          throw wrong(name, "must be true or false");
        })
        .orElse(otherwise);
  }

  OptionalDouble number(String name, double least, double most) {
    Optional<Json> found = any(name);
    if (found.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (found.get() instanceof Json.Num number) {
      double value = number.value().doubleValue();
      if (value >= least && value <= most) {
        return OptionalDouble.of(value);
      }
    }
    throw wrong(name, "must be a number from %s to %s".formatted(least, most));
  }

  OptionalInt count(String name) {
    Optional<Json> found = any(name);
    if (found.isEmpty()) {
      return OptionalInt.empty();
    }
    if (found.get() instanceof Json.Num number) {
      try {
        int value = number.value().intValueExact();
        if (value >= 1) {
          return OptionalInt.of(value);
        }
      } catch (ArithmeticException notWhole) {
        throw wrong(name, "must be a whole number, 1 or more");
      }
    }
    throw wrong(name, "must be a whole number, 1 or more");
  }

  Optional<Fields> section(String name) {
    return any(name).map(value -> as(place(name), value));
  }

  /** The objects of an array; empty if it is not there. */
  List<Fields> list(String name) {
    List<Fields> all = new ArrayList<>();
    for (Json item : items(name)) {
      all.add(as(place(name) + "[" + all.size() + "]", item));
    }
    return all;
  }

  /** The items of an array; empty if it is not there. */
  List<Json> items(String name) {
    return any(name)
        .map(value -> {
          if (value instanceof Json.Arr array) {
            return array.items();
          }
          throw wrong(name, "must be an array");
        })
        .orElse(List.of());
  }

  /** A string, or an array of strings. */
  List<String> texts(String name) {
    Optional<Json> found = any(name);
    if (found.isPresent() && found.get() instanceof Json.Str one) {
      return List.of(one.value());
    }
    return items(name).stream()
        .map(item -> {
          if (item instanceof Json.Str string) {
            return string.value();
          }
          throw wrong(name, "must be a string or an array of strings");
        })
        .toList();
  }

  /** What is there besides the members of these names. */
  Json.Obj without(Set<String> names) {
    Map<String, Json> rest = new LinkedHashMap<>(object.members());
    rest.keySet().removeAll(names);
    return new Json.Obj(rest);
  }

  private static Fields as(String path, Json value) {
    if (value instanceof Json.Obj object) {
      return new Fields(path, object);
    }
    throw new BadRequest(path, "must be an object");
  }
}
