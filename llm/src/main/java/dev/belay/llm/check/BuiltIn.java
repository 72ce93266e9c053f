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
