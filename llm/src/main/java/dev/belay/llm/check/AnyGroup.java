package dev.belay.llm.check;

import java.util.ArrayList;
import java.util.List;

/** See {@link Groups#any}. */
record AnyGroup(List<Validator> validators) implements Validator {
  AnyGroup {
    validators = Tally.members(validators);
  }

  @Override
  public String name() {
    return "any";
  }

  @Override
  public Cost cost() {
    return Tally.dearest(validators);
  }

  @Override
  public Finding check(Answer answer, CheckContext context) throws InterruptedException {
    List<Finding> objections = new ArrayList<>();
    for (Validator validator : validators) {
      Finding finding = Tally.guarded(validator, answer, context);
      if (finding instanceof Finding.Valid valid) {
        return valid;
      }
      objections.add(finding);
    }
    return together(objections, answer);
  }

  /** A check without a result might have held; and as long as one asks for another answer, ask. */
  private static Finding together(List<Finding> objections, Answer answer) {
    List<Finding> open =
        objections.stream().filter(Finding.Inconclusive.class::isInstance).toList();
    if (!open.isEmpty()) {
      return Tally.of(open, answer);
    }
    List<Problem> problems = new ArrayList<>();
    Remedy mildest = Remedy.FAIL;
    for (Finding finding : objections) {
      if (finding instanceof Finding.Invalid invalid) {
        problems.addAll(invalid.problems());
        mildest = invalid.remedy().compareTo(mildest) < 0 ? invalid.remedy() : mildest;
      }
    }
    return new Finding.Invalid(problems, mildest);
  }
}
