package dev.belay.llm.check;

import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes places out of JSON. */
final class Pruning {
  private final Set<String> pointers;

  private Pruning(Set<String> pointers) {
    this.pointers = pointers;
  }

  /** The JSON without what these JSON Pointers point to; nothing if one points to the whole. */
  static Optional<Json> without(Json json, List<String> pointers) {
    return pointers.isEmpty() || pointers.contains("")
        ? Optional.empty()
        : Optional.of(new Pruning(Set.copyOf(pointers)).rest(json, ""));
  }

  private Json rest(Json json, String at) {
    return switch (json) {
      case Json.Obj object -> {
        Map<String, Json> members = new LinkedHashMap<>();
        object
            .members()
            .forEach((name, value) -> {
              String place = at + "/" + name.replace("~", "~0").replace("/", "~1");
              if (!pointers.contains(place)) {
                members.put(name, rest(value, place));
              }
            });
        yield new Json.Obj(members);
      }
      case Json.Arr array -> {
        List<Json> items = new ArrayList<>();
        for (int i = 0; i < array.items().size(); i++) {
          String place = at + "/" + i;
          if (!pointers.contains(place)) {
            items.add(rest(array.items().get(i), place));
          }
        }
        yield new Json.Arr(items);
      }
      case Json.Str string -> string;
      case Json.Num number -> number;
      case Json.Bool bool -> bool;
      case Json.Null nothing -> nothing;
    };
  }
}
