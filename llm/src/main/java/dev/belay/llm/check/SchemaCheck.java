package dev.belay.llm.check;

import dev.belay.llm.json.Json;
import java.util.List;
import java.util.Optional;

/** {@code schema}: the JSON in the answer satisfies a JSON Schema. */
record SchemaCheck(JsonReading reading, SchemaRules rules, int mostErrors) implements JsonCheck {
  private static final int MOST_ERRORS = 1000;

  static Validator of(Params params) {
    Json schema = params.value("schema").orElseThrow(() -> params.bad("schema", "a JSON Schema"));
    if (!(schema instanceof Json.Obj || schema instanceof Json.Bool)) {
      throw params.bad("schema", "an object, true or false");
    }
    int mostErrors = params.whole("max_errors", 20, 1, MOST_ERRORS);
    Draft draft = params.choice("draft", Draft.AUTO);
    boolean formats = params.flag("formats", true);
    try {
      return new SchemaCheck(
          JsonReading.of(params, JsonMode.REPAIR),
          SchemaRules.of(schema, draft, formats, mostErrors),
          mostErrors);
    } catch (IllegalArgumentException bad) {
      throw params.bad(
          "schema", "a JSON Schema that stands alone (%s)".formatted(bad.getMessage()));
    }
  }

  @Override
  public String name() {
    return "schema";
  }

  @Override
  public List<Problem> problems(Json json) {
    return rules.problems(name(), json);
  }

  /** The JSON without the members and items that the schema objects to. */
  @Override
  public Optional<Answer> filter(Answer answer) {
    return switch (reading.withMode(JsonMode.REPAIR).read(name(), answer.text(), Readings.NONE)) {
      case JsonReading.Unreadable unreadable -> Optional.empty();
      case JsonReading.Read read -> {
        List<String> wrong =
            problems(read.json()).stream().map(Problem::pointer).distinct().toList();
        yield Pruning.without(read.json(), wrong).map(rest -> answer.withText(rest.toString()));
      }
    };
  }
}
