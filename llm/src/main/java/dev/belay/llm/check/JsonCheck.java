package dev.belay.llm.check;

import dev.belay.llm.json.Json;
import java.util.List;
import java.util.Optional;

/** A check of the JSON in an answer. The answer that stands holds that JSON and nothing else. */
interface JsonCheck extends Validator {
  JsonReading reading();

  List<Problem> problems(Json json);

  @Override
  default Cost cost() {
    return Cost.MODEST;
  }

  @Override
  default Finding check(Answer answer, CheckContext context) {
    return switch (reading().read(name(), answer.text(), context.readings())) {
      case JsonReading.Unreadable unreadable -> Finding.invalid(unreadable.problem());
      case JsonReading.Read read -> {
        List<Problem> problems = problems(read.json());
        yield problems.isEmpty()
            ? new Finding.Valid(answer.withText(read.text()), read.warnings())
            : new Finding.Invalid(problems, Remedy.REASK);
      }
    };
  }

  /** The JSON as {@link JsonMode#REPAIR} reads it. */
  @Override
  default Optional<Answer> fix(Answer answer) {
    return switch (reading().withMode(JsonMode.REPAIR).read(name(), answer.text(), Readings.NONE)) {
      case JsonReading.Unreadable unreadable -> Optional.empty();
      case JsonReading.Read read -> Optional.of(answer.withText(read.json().toString()));
    };
  }
}
