package dev.belay.llm.check;

import dev.belay.llm.json.Json;
import java.util.List;

/** {@code json}: the answer is JSON. */
record JsonStringCheck(JsonReading reading) implements JsonCheck {

  static Validator of(Params params) {
    return new JsonStringCheck(JsonReading.of(params, JsonMode.STRICT));
  }

  @Override
  public String name() {
    return "json";
  }

  @Override
  public List<Problem> problems(Json json) {
    return List.of();
  }
}
