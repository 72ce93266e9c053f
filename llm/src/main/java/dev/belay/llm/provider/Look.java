package dev.belay.llm.provider;

import dev.belay.llm.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks into JSON that may or may not be as documented: what is not there counts as empty. */
final class Look {
  private Look() {}

  static Optional<Json> at(Json from, String... path) {
    Json here = from;
    for (String name : path) {
      if (!(here instanceof Json.Obj object) || object.get(name).isEmpty()) {
        return Optional.empty();
      }
      here = object.get(name).get();
    }
    return here instanceof Json.Null ? Optional.empty() : Optional.of(here);
  }

  static boolean has(Json from, String... path) {
    return at(from, path).isPresent();
  }

  /** Text as it is; numbers and truths as they are written. */
  static String text(Json from, String... path) {
    return at(from, path)
        .map(found ->
            switch (found) {
              case Json.Str string -> string.value();
              case Json.Num number -> number.toString();
              case Json.Bool bool -> bool.toString();
              case Json.Obj object -> "";
              case Json.Arr array -> "";
              case Json.Null nothing -> "";
            })
        .orElse("");
  }

  /** A count; 0 if there is none, or one that cannot be. */
  static long count(Json from, String... path) {
    return at(from, path).orElse(new Json.Null()) instanceof Json.Num number
            && number.value().signum() > 0
            && number.value().precision() - number.value().scale() <= 18
        ? number.value().longValue()
        : 0;
  }

  static boolean isTrue(Json from, String... path) {
    return at(from, path).orElse(new Json.Null()) instanceof Json.Bool bool && bool.value();
  }

  static List<Json> items(Json from, String... path) {
    return at(from, path).orElse(new Json.Null()) instanceof Json.Arr array
        ? array.items()
        : List.of();
  }

  static Json.Obj object(Json from, String... path) {
    return at(from, path).orElse(Json.EMPTY) instanceof Json.Obj object ? object : Json.EMPTY;
  }

  static Map<String, Json> members(Json from, String... path) {
    return object(from, path).members();
  }
}
