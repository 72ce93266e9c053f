package dev.belay.llm.check;

import dev.belay.Check;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Refuses schemas that refer to other documents: nothing is ever fetched. */
final class References {
  private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");
  private static final Set<String> NAMES = Set.of("$id", "id");
  private static final Set<String> VALUES = Set.of("const", "enum", "default", "examples");
  private static final String DRAFTS = "^https?://json-schema\\.org/draft[-/].*";

  private final List<String> references = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();

  private References() {}

  /**
   * Looks through a schema.
   *
   * @throws IllegalArgumentException that names the reference
   */
  static void check(Json schema) {
    References all = new References();
    all.collect(schema);
    for (String reference : all.references) {
      String document = reference.replaceFirst("#.*", "");
      Check.that(
          document.isEmpty()
              || document.matches(DRAFTS)
              || all.ids.stream().anyMatch(id -> id.endsWith(document)),
          "a reference must stay in the schema, was '%s'",
          reference);
    }
  }

  private void collect(Json part) {
    switch (part) {
      case Json.Obj object ->
          object
              .members()
              .forEach((name, value) -> {
                if (value instanceof Json.Str text) {
                  note(name, text.value());
                } else if (!VALUES.contains(name)) {
                  collect(value);
                }
              });
      case Json.Arr array -> array.items().forEach(this::collect);
      case Json.Str string -> {}
      case Json.Num number -> {}
      case Json.Bool bool -> {}
      case Json.Null nothing -> {}
    }
  }

  private void note(String name, String text) {
    if (REFERENCES.contains(name)) {
      references.add(text);
    } else if (NAMES.contains(name)) {
      ids.add(text.replaceFirst("#.*", ""));
    }
  }
}
