package dev.belay.llm.check;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What groups have in common. */
final class Tally {
  private Tally() {}

  static List<Validator> members(List<Validator> validators) {
    List<Validator> members = List.copyOf(validators);
    Check.that(!members.isEmpty(), "a group must hold at least 1 validator, held 0");
    return members;
  }

  static Cost dearest(List<Validator> validators) {
    return validators.stream().map(Validator::cost).max(Comparator.naturalOrder()).orElseThrow();
  }

  /**
   * A validator that breaks says nothing about the answer: the model must not pay for it, and the
   * answer must not pass either.
   */
  static Finding guarded(Validator validator, Answer answer, CheckContext context)
      throws InterruptedException {
    try {
      return requireNonNull(
          validator.check(answer, context), () -> validator.name() + " found nothing");
    } catch (RuntimeException | StackOverflowError broken) {
      return broken(validator, broken);
    }
  }

  static Finding broken(Validator validator, Throwable why) {
    return new Finding.Inconclusive(
        "validator '%s' broke: %s".formatted(validator.name(), why), Remedy.FAIL);
  }

  /**
   * All findings as one. An objection outweighs a check without a result: the next answer is
   * checked again anyway.
   */
  static Finding of(List<Finding> findings, Answer answer) {
    List<Problem> warnings = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    Remedy objection = Remedy.REASK;
    Remedy open = Remedy.HUMAN;
    for (Finding finding : findings) {
      switch (finding) {
        case Finding.Valid valid -> warnings.addAll(valid.warnings());
        case Finding.Invalid invalid -> {
          problems.addAll(invalid.problems());
          objection = objection.or(invalid.remedy());
        }
        case Finding.Inconclusive inconclusive -> {
          unknown.add(inconclusive.why());
          open = open.or(inconclusive.remedy());
        }
      }
    }
    if (!problems.isEmpty()) {
      return new Finding.Invalid(problems, objection);
    }
    return unknown.isEmpty()
        ? new Finding.Valid(answer, warnings)
        : new Finding.Inconclusive(String.join("; ", unknown), open);
  }
}
