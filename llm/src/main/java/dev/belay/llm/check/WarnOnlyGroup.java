package dev.belay.llm.check;

import java.util.List;

/** See {@link Groups#warnOnly}. */
record WarnOnlyGroup(Validator inner) implements Validator {

  @Override
  public String name() {
    return "warn_only";
  }

  @Override
  public Cost cost() {
    return inner.cost();
  }

  @Override
  public Finding check(Answer answer, CheckContext context) throws InterruptedException {
    return switch (inner.check(answer, context)) {
      case Finding.Valid valid -> valid;
      case Finding.Invalid invalid -> new Finding.Valid(answer, invalid.problems());
      case Finding.Inconclusive open ->
          new Finding.Valid(answer, List.of(Problem.of(name(), open.why())));
    };
  }
}
