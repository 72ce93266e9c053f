package dev.belay.llm.provider;

import dev.belay.llm.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the members of an object. For one thread. */
final class Members {
  private final Map<String, Json> members = new LinkedHashMap<>();

  static Json.Obj one(String name, Json value) {
    return new Json.Obj(Map.of(name, value));
  }

  static Json.Obj one(String name, String value) {
    return one(name, Json.of(value));
  }

  Members put(String name, Json value) {
    members.put(name, value);
    return this;
  }

  Members put(String name, String value) {
    return put(name, Json.of(value));
  }

  Members put(String name, boolean value) {
    return put(name, Json.of(value));
  }

  Members put(String name, long value) {
    return put(name, Json.of(value));
  }

  Members put(String name, List<? extends Json> items) {
    return put(name, Json.of(items));
  }

  /** Leaves it out if the text is empty. */
  Members putUnlessEmpty(String name, String value) {
    return value.isEmpty() ? this : put(name, value);
  }

  /** Leaves it out if there are no items. */
  Members putUnlessEmpty(String name, List<? extends Json> items) {
    return items.isEmpty() ? this : put(name, items);
  }

  /** Leaves it out if there are no texts. */
  Members putTexts(String name, List<String> texts) {
    return putUnlessEmpty(name, texts.stream().map(Json::of).toList());
  }

  /** Leaves it out if the object is empty. */
  Members putUnlessEmpty(String name, Json.Obj object) {
    return object.members().isEmpty() ? this : put(name, object);
  }

  Json.Obj done() {
    return new Json.Obj(members);
  }

  /** The first with the second on top: objects are merged, all else is replaced. */
  static Json.Obj merge(Json.Obj below, Json.Obj above) {
    Map<String, Json> all = new LinkedHashMap<>(below.members());
    above
        .members()
        .forEach((name, value) -> {
          Json old = all.getOrDefault(name, value);
          boolean both = value instanceof Json.Obj && old instanceof Json.Obj;
          all.put(name, both ? merge((Json.Obj) old, (Json.Obj) value) : value);
        });
    return new Json.Obj(all);
  }
}
