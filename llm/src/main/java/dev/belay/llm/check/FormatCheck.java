package dev.belay.llm.check;

import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code format}: the answer, or a field in it, is an address, a date, a number of some form. */
record FormatCheck(Format format, String country) implements Validator {

  static Validator of(Params params) {
    if (!params.has("format")) {
      throw params.bad("format", "given");
    }
    Format format = params.choice("format", Format.EMAIL);
    String country = params.text("country", "");
    boolean postal = format == Format.POSTAL_CODE;
    if (postal != PostalCodes.knows(country) && (postal || !country.isEmpty())) {
      throw params.bad(
          "country", postal ? "one of " + PostalCodes.countries() : "left out for this format");
    }
    FormatCheck whole = new FormatCheck(format, country);
    return params.has("field")
        ? new InField(JsonReading.of(params, JsonMode.REPAIR), path(params), whole)
        : whole;
  }

  private static JsonPath path(Params params) {
    try {
      return JsonPath.of(params.text("field"));
    } catch (IllegalArgumentException bad) {
      throw params.bad("field", "a way such as a.b[0] (%s)".formatted(bad.getMessage()));
    }
  }

  @Override
  public String name() {
    return "format";
  }

  @Override
  public Finding check(Answer answer, CheckContext context) {
    return Finding.of(answer, problems(answer.text().strip()));
  }

  private List<Problem> problems(String text) {
    if (format.holds(text, country)) {
      return List.of();
    }
    String what = format.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return List.of(
        Problem.of(
            name(),
            "'%s' is not of the form %s".formatted(Texts.shortened(text), what),
            "Write it like " + format.example() + "."));
  }

  /** The same for strings inside JSON. */
  private record InField(JsonReading reading, JsonPath path, FormatCheck whole)
      implements JsonCheck {

    @Override
    public String name() {
      return whole.name();
    }

    @Override
    public List<Problem> problems(Json json) {
      List<Problem> problems = new ArrayList<>();
      for (JsonPath.Place place : path.in(json)) {
        if (place.exists() && place.values().getFirst() instanceof Json.Str string) {
          whole.problems(string.value()).stream()
              .map(problem -> problem.at(place.pointer()))
              .forEach(problems::add);
        } else {
          problems.add(
              Problem.of(name(), "'%s' must be a string".formatted(place.pointer()))
                  .at(place.pointer()));
        }
      }
      return problems;
    }
  }
}
