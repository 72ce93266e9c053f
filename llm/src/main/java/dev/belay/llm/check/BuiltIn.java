package dev.belay.llm.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The types that are there from the start, by name. */
final class BuiltIn {
  static final Map<String, ValidatorFactory> FACTORIES = factories();

  private BuiltIn() {}

  private static Map<String, ValidatorFactory> factories() {
    Map<String, ValidatorFactory> all = new LinkedHashMap<>();
    for (String type : List.of("response_not_empty", "not_empty")) {
      all.put(type, params -> new NotEmptyCheck());
    }
    for (String type : List.of("json_string", "json")) {
      all.put(type, JsonStringCheck::of);
    }
    for (String type : List.of("field_present", "field")) {
      all.put(type, FieldCheck::of);
    }
    all.put("schema", SchemaCheck::of);
    all.put("length", LengthCheck::of);
    all.put("regex", RegexCheck::of);
    all.put("contains", ContainsCheck::contains);
    for (String type : List.of("not_contains", "string_check")) {
      all.put(type, ContainsCheck::notContains);
    }
    for (String type : List.of("code", "python")) {
      all.put(type, CodeCheck::of);
    }
    all.put("sql", SqlCheck::any);
    all.put("sql_safe", SqlCheck::safe);
    all.put("openapi_spec", params -> new OpenApiCheck());
    for (String type : List.of("corpus", "contextual")) {
      all.put(type, CorpusCheck::of);
    }
    all.put("format", FormatCheck::of);
    all.put("scored", ScoredGroup::of);
    all.put("tool_call", ToolCallCheck::of);
    group(all, "all", Groups::all);
    group(all, "any", Groups::any);
    group(all, "first_failure", Groups::firstFailure);
    group(all, "parallel", Groups::parallel);
    group(all, "warn_only", Groups::warnOnly);
    return Map.copyOf(all);
  }

  private static void group(
      Map<String, ValidatorFactory> all, String type, Function<List<Validator>, Validator> group) {
    all.put(type, params -> group.apply(params.validators("validators")));
  }
}
