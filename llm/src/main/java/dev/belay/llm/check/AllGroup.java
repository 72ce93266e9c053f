package dev.belay.llm.check;

import java.util.ArrayList;
import java.util.List;

/** See {@link Groups#all}. */
record AllGroup(List<Validator> validators) implements Validator {
  AllGroup {
    validators = Tally.members(validators);
  }

  @Override
  public String name() {
    return "all";
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
      findings.add(finding);
      if (finding instanceof Finding.Valid valid) {
        current = valid.answer();
      }
    }
    return Tally.of(findings, current);
  }
}
