package dev.belay.llm.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** See {@link Groups#firstFailure}. */
record FirstFailureGroup(List<Validator> validators) implements Validator {
  FirstFailureGroup {
    validators =
        Tally.members(validators).stream().sorted(Comparator.comparing(Validator::cost)).toList();
  }

  @Override
  public String name() {
    return "first_failure";
  }

  @Override
  public Cost cost() {
    return Tally.dearest(validators);
  }

  @Override
  public Finding check(Answer answer, CheckContext context) throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    Answer current = answer;
    for (Validator validator : validators) {
      Finding finding = Tally.guarded(validator, current, context);
      if (!(finding instanceof Finding.Valid valid)) {
        return finding;
      }
      findings.add(valid);
      current = valid.answer();
    }
    return Tally.of(findings, current);
  }
}
