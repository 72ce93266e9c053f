package dev.belay.server.api;

import dev.belay.llm.review.Decision;
import java.util.List;
import java.util.Optional;

/**
 * A decision as a client sends it. Each type takes its own keys and no others.
 *
 * @param reviewer who decides
 */
record DecisionFields(Decision decision, String reviewer) {
  private static final List<String> TYPES = List.of("approve", "edit", "retry", "reject");
  private static final int LONGEST_NAME = 200;
  private static final int MOST_ATTEMPTS = 20;

  static DecisionFields read(Fields fields) {
    Optional<String> type = fields.oneOf("type", TYPES);
    if (type.isEmpty()) {
      // what else may be there depends on it
      fields.missing("type", "one of " + String.join(", ", TYPES));
      throw ApiProblem.invalid(fields.faults().getFirst());
    }
    Optional<Decision> decision =
        switch (type.get()) {
          case "edit" -> fields.words("answer", Decision.LONGEST).map(Decision.Edit::new);
          case "retry" -> retry(fields);
          case "reject" -> fields.words("reason", Decision.LONGEST).map(Decision.Reject::new);
          default -> Optional.of(new Decision.Approve());
        };
    Optional<String> reviewer = fields.words("reviewer", LONGEST_NAME);
    fields.close();
    return new DecisionFields(decision.orElseThrow(), reviewer.orElseThrow());
  }

  private static Optional<Decision> retry(Fields fields) {
    Optional<String> note = fields.words("note", Decision.LONGEST);
    int extra = fields.whole("extra_attempts", 1, MOST_ATTEMPTS).orElse(1);
    return note.map(text -> new Decision.Retry(text, extra));
  }
}
