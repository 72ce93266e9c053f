package dev.belay.llm.check;

import dev.belay.llm.json.Fence;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import dev.belay.llm.json.JsonFinder;
import dev.belay.llm.json.JsonRepair;
import dev.belay.llm.json.NanPolicy;
import dev.belay.llm.json.Repair;
import dev.belay.llm.json.Repaired;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the JSON is got out of an answer, for all validators that look into it. */
record JsonReading(JsonMode mode, NanPolicy nan, boolean uniqueKeys, boolean allowTruncated) {

  static final JsonReading STRICT =
      new JsonReading(JsonMode.STRICT, NanPolicy.REJECT, false, false);

  static JsonReading of(Params params, JsonMode otherwise) {
    return new JsonReading(
        params.choice("mode", otherwise),
        params.choice("nan", NanPolicy.REJECT),
        params.flag("unique_keys", false),
        params.flag("allow_truncated", false));
  }

  JsonReading withMode(JsonMode other) {
    return new JsonReading(other, nan, uniqueKeys, allowTruncated);
  }

  /** What came of it. */
  sealed interface Result {}

  /** The JSON, the text that holds nothing else, and what was not as it should be. */
  record Read(Json json, String text, List<Problem> warnings) implements Result {
    Read {
      warnings = List.copyOf(warnings);
    }
  }

  /** Why there is none. */
  record Unreadable(Problem problem) implements Result {}

  Result read(String validator, String text, Readings readings) {
    try {
      return switch (mode) {
        case STRICT -> strict(validator, text, readings);
        case FENCED -> fenced(validator, text, readings);
        case REPAIR -> repaired(validator, text, readings);
      };
    } catch (JsonException broken) {
      return new Unreadable(
          Problem.of(
              validator, "the answer is not JSON: " + broken.getMessage(), suggestions(text)));
    }
  }

  private static String[] suggestions(String text) {
    List<String> all = new ArrayList<>();
    if (JsonFinder.fence(text).isPresent()) {
      all.add("Leave out the marks of the fenced block.");
    }
    all.add("Answer with JSON alone: no words before or after it.");
    all.add("Put names and strings in double quotes and leave no comma after the last item.");
    return all.toArray(new String[0]);
  }

  private Result strict(String validator, String text, Readings readings) {
    try {
      return new Read(readings.sound(text), text, List.of());
    } catch (JsonException notSoPlain) {
      return strictly(validator, text);
    }
  }

  private Result strictly(String validator, String text) {
    Json json = Json.parse(text);
    return withRepairs(validator, json, text, JsonRepair.DEFAULT.withNan(nan).read(text));
  }

  private Result fenced(String validator, String text, Readings readings) {
    Optional<Fence> fence = JsonFinder.fence(text);
    if (fence.isEmpty()) {
      return strict(validator, text, readings);
    }
    if (!fence.get().closed() && !allowTruncated) {
      return new Unreadable(cut(validator, "the fenced block has no end"));
    }
    return strict(validator, fence.get().of(text), readings);
  }

  private Result repaired(String validator, String text, Readings readings) {
    try {
      return new Read(readings.sound(text), text, List.of());
    } catch (JsonException unsound) {
      return mended(validator, text);
    }
  }

  private Result mended(String validator, String text) {
    Repaired read = JsonRepair.DEFAULT.withNan(nan).read(text);
    String whole = read.isRepaired() ? read.json().toString() : text;
    return withRepairs(validator, read.json(), whole, read);
  }

  private Result withRepairs(String validator, Json json, String text, Repaired read) {
    List<Problem> warnings = new ArrayList<>();
    for (Repair repair : read.repairs()) {
      if (repair.kind() == Repair.Kind.TRUNCATED && !allowTruncated) {
        return new Unreadable(cut(validator, "the JSON is cut off: " + repair));
      }
      if (repair.kind() == Repair.Kind.DUPLICATE && uniqueKeys) {
        return new Unreadable(
            Problem.of(validator, "there is " + repair, "Use each name once in an object."));
      }
      warnings.add(Problem.of(validator, "read in spite of " + repair));
    }
    return new Read(json, text, warnings);
  }

  private static Problem cut(String validator, String message) {
    return Problem.of(validator, message, "Answer more briefly, so that the end is not cut off.");
  }
}
