package dev.belay.llm.check;

import dev.belay.llm.json.Json;
import java.util.List;
import java.util.Map;

/** Equality of JSON values as a reader sees it: 1 and 1.0 are the same. */
final class Same {
  private Same() {}

  static boolean json(Json one, Json other) {
    return switch (one) {
      case Json.Num number ->
          other instanceof Json.Num also && number.value().compareTo(also.value()) == 0;
      case Json.Arr array -> other instanceof Json.Arr also && items(array.items(), also.items());
      case Json.Obj object ->
          other instanceof Json.Obj also && members(object.members(), also.members());
      case Json.Str string -> string.equals(other);
      case Json.Bool bool -> bool.equals(other);
      case Json.Null nothing -> nothing.equals(other);
    };
  }

  private static boolean items(List<Json> ones, List<Json> others) {
    if (ones.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < ones.size(); i++) {
      if (!json(ones.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean members(Map<String, Json> ones, Map<String, Json> others) {
    if (!ones.keySet().equals(others.keySet())) {
      return false;
    }
    for (Map.Entry<String, Json> one : ones.entrySet()) {
      Json other = others.get(one.getKey());
      if (other == null || !json(one.getValue(), other)) {
        return false;
      }
    }
    return true;
  }
}
