package dev.belay.llm.check;

import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonPath;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code field_present}: there is a value at a place in the JSON, or there is none.
 *
 * @param expected the value it must have; nothing for any
 */
record FieldCheck(
    JsonReading reading, JsonPath path, boolean shouldExist, NullPolicy nulls, List<Json> expected)
    implements JsonCheck {
  private static final int MOST_TOLD = 20;

  /** What a null stands for. */
  enum NullPolicy {
    /** It is a value. */
    PRESENT,
    /** It is as if there were nothing. */
    MISSING
  }

  static Validator of(Params params) {
    String way = params.has("field_name") ? params.text("field_name") : params.text("field");
    JsonPath path;
    try {
      path = JsonPath.of(way);
    } catch (IllegalArgumentException bad) {
      throw new IllegalArgumentException("%s: %s".formatted(params.type(), bad.getMessage()), bad);
    }
    boolean old = params.flag("present", true);
    List<Json> expected = new ArrayList<>();
    params.value("expected_value").ifPresent(expected::add);
    params.value("expected").ifPresent(expected::add);
    if (expected.size() > 1) {
      throw params.bad("expected", "given once, not also as expected_value");
    }
    return new FieldCheck(
        JsonReading.of(params, JsonMode.REPAIR),
        path,
        params.flag("should_exist", old),
        params.choice("null_policy", NullPolicy.PRESENT),
        expected);
  }

  @Override
  public String name() {
    return "field_present";
  }

  @Override
  public List<Problem> problems(Json json) {
    return path.in(json).stream()
        .map(this::problem)
        .flatMap(List::stream)
        .limit(MOST_TOLD)
        .toList();
  }

  private List<Problem> problem(JsonPath.Place place) {
    boolean there =
        place.exists()
            && (nulls == NullPolicy.PRESENT || !(place.values().getFirst() instanceof Json.Null));
    if (!there) {
      return shouldExist
          ? one(place, "'%s' is missing", "Add '%s'.".formatted(place.pointer()))
          : List.of();
    }
    Json value = place.values().getFirst();
    boolean same = expected.isEmpty() || Same.json(value, expected.getFirst());
    if (shouldExist) {
      return same
          ? List.of()
          : one(
              place,
              "'%s' must be " + quoted(expected.getFirst()) + ", was " + quoted(value),
              "Set it to that value.");
    }
    return same
        ? one(place, "'%s' must not be there, was " + quoted(value), "Leave it out.")
        : List.of();
  }

  private static String quoted(Json value) {
    return Texts.shortened(value.toString()).replace("%", "%%");
  }

  private List<Problem> one(JsonPath.Place place, String message, String suggestion) {
    return List.of(
        Problem.of(name(), message.formatted(place.pointer()), suggestion).at(place.pointer()));
  }
}
