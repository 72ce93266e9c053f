package dev.belay.llm.check;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.json.Json;
import java.util.List;

/** Makes answers and validators for tests. */
final class Answers {
  static final LlmRequest REQUEST = LlmRequest.of("m", "a question");

  private Answers() {}

  static Answer of(String text) {
    return Answer.of(text, REQUEST);
  }

  static Validator validator(String spec) {
    return Groups.all(Validators.standard().from(Json.parse(spec)));
  }

  static Finding check(String spec, String answer) throws InterruptedException {
    return validator(spec).check(of(answer), CheckContext.FIRST);
  }

  /** The messages of what is wrong; none if the answer stands. */
  static List<String> problems(String spec, String answer) throws InterruptedException {
    return switch (check(spec, answer)) {
      case Finding.Valid valid -> List.of();
      case Finding.Invalid invalid -> invalid.problems().stream().map(Problem::message).toList();
      case Finding.Inconclusive open -> throw new AssertionError(open.why());
    };
  }
}
