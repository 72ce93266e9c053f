package dev.belay.llm.form;

import dev.belay.Check;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of something is kept. Cut after {@link Redaction}, never before: a cut could leave a
 * part of a secret that nobody knows for one. Immutable.
 *
 * @param value characters of a name or a value, 1 or more
 * @param depth objects and arrays within each other, 1 or more
 * @param members of an object, and items of an array, 0 or more
 */
public record Bounds(int value, int depth, int members) {
  /** Rejects bounds that leave nothing. */
  public Bounds {
    Check.that(value >= 1, "value must be 1 or more, was %d", value);
    Check.that(depth >= 1, "depth must be 1 or more, was %d", depth);
    Check.that(members >= 0, "members must be 0 or more, was %d", members);
  }

  /** A text of at most so many characters, 1 or more; what was cut ends with "…". */
  public static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  /** An object within these bounds. */
  public Json.Obj cut(Json.Obj object) {
    return object(object, 1);
  }

  private Json.Obj object(Json.Obj object, int level) {
    Map<String, Json> kept = new LinkedHashMap<>();
    for (Map.Entry<String, Json> member : object.members().entrySet()) {
      if (kept.size() < members) {
        kept.put(cut(member.getKey(), value), json(member.getValue(), level + 1));
      }
    }
    return new Json.Obj(kept);
  }

  private Json json(Json json, int level) {
    return switch (json) {
      case Json.Obj object -> level > depth ? Json.of("{…}") : object(object, level);
      case Json.Arr array -> level > depth ? Json.of("[…]") : array(array, level);
      case Json.Str string -> Json.of(cut(string.value(), value));
      case Json.Num number -> number;
      case Json.Bool bool -> bool;
      case Json.Null nothing -> nothing;
    };
  }

  private Json.Arr array(Json.Arr array, int level) {
    List<Json> kept = new ArrayList<>();
    for (Json item : array.items()) {
      if (kept.size() < members) {
        kept.add(json(item, level + 1));
      }
    }
    return new Json.Arr(kept);
  }
}
