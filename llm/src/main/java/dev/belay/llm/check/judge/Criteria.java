package dev.belay.llm.check.judge;

import dev.belay.llm.check.Params;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What must be in a judge's report besides its verdict. Each can only turn a good verdict bad.
 *
 * @param inDetails texts that must be in the details, if those are text; in any case
 * @param trueInDetails members of the details that must be true
 * @param reportedTrue members of the report that must be true
 * @param notInReasoning texts that must not be in the reasoning; in any case
 */
record Criteria(
    List<String> inDetails,
    List<String> trueInDetails,
    List<String> reportedTrue,
    List<String> notInReasoning) {
  private static final Set<String> NAMES =
      Set.of(
          "must_contain_in_details",
          "all_true_in_details_keys",
          "agent_must_report_true",
          "must_not_contain_string_in_reasoning");

  Criteria {
    inDetails = List.copyOf(inDetails);
    trueInDetails = List.copyOf(trueInDetails);
    reportedTrue = List.copyOf(reportedTrue);
    notInReasoning = List.copyOf(notInReasoning);
  }

  static Criteria of(Params params) {
    Json.Obj given = params.object("success_criteria").orElse(Json.EMPTY);
    for (String name : given.members().keySet()) {
      if (!NAMES.contains(name)) {
        throw params.bad("success_criteria", "made of " + NAMES.stream().sorted().toList());
      }
    }
    return new Criteria(
        texts(params, given, "must_contain_in_details"),
        texts(params, given, "all_true_in_details_keys"),
        texts(params, given, "agent_must_report_true"),
        texts(params, given, "must_not_contain_string_in_reasoning"));
  }

  private static List<String> texts(Params params, Json.Obj given, String name) {
    List<String> texts = new ArrayList<>();
    Json value = given.get(name).orElse(Json.of(List.of()));
    for (Json item : value instanceof Json.Arr list ? list.items() : List.of(value)) {
      if (!(item instanceof Json.Str string) || string.value().isEmpty()) {
        throw params.bad("success_criteria", "a text or a list of texts for each name");
      }
      texts.add(string.value());
    }
    return texts;
  }

  /** What is not met, in words. */
  List<String> unmet(Json.Obj report, String reasoning) {
    List<String> unmet = new ArrayList<>();
    Json details = report.get("details").orElse(new Json.Null());
    if (details instanceof Json.Str text) {
      for (String wanted : inDetails) {
        if (!contains(text.value(), wanted)) {
          unmet.add("the details of the judge do not mention '%s'".formatted(wanted));
        }
      }
    }
    for (String key : trueInDetails) {
      if (!(details instanceof Json.Obj object && isTrue(object, key))) {
        unmet.add("the judge does not find '%s'".formatted(key));
      }
    }
    for (String key : reportedTrue) {
      if (!isTrue(report, key)) {
        unmet.add("the judge does not report '%s'".formatted(key));
      }
    }
    for (String unwanted : notInReasoning) {
      if (contains(reasoning, unwanted)) {
        unmet.add("the judge mentions '%s'".formatted(unwanted));
      }
    }
    return unmet;
  }

  private static boolean isTrue(Json.Obj object, String key) {
    return object.get(key).orElse(Json.EMPTY) instanceof Json.Bool bool && bool.value();
  }

  private static boolean contains(String text, String wanted) {
    return text.toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
  }
}
