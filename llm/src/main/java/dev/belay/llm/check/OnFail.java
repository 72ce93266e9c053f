package dev.belay.llm.check;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What follows when one validator objects. */
public enum OnFail {
  /** Ask the model again. */
  REASK,
  /** Put it right without the model; ask again if that does not help. */
  FIX,
  /** Take out what is wrong; ask again if that does not help. */
  FILTER,
  /** Let it pass with a warning. */
  ACCEPT_WITH_WARNING,
  /** The call fails at once. */
  FAIL,
  /** A person decides at once. */
  HUMAN;

  /** The validator with this for its consequence. */
  public Validator when(Validator validator) {
    requireNonNull(validator, "validator");
    return this == REASK ? validator : new WithConsequence(validator, this);
  }

  /** A validator and what follows when it objects. */
  private record WithConsequence(Validator inner, OnFail consequence) implements Validator {

    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public Cost cost() {
      return inner.cost();
    }

    @Override
    public Finding check(Answer answer, CheckContext context) throws InterruptedException {
      Finding finding = inner.check(answer, context);
      if (!(finding instanceof Finding.Invalid invalid)) {
        return finding;
      }
      return switch (consequence) {
        case REASK -> invalid;
        case FIX -> retried(inner.fix(answer), invalid, context);
        case FILTER -> retried(inner.filter(answer), invalid, context);
        case ACCEPT_WITH_WARNING -> new Finding.Valid(answer, invalid.problems());
        case FAIL -> new Finding.Invalid(invalid.problems(), Remedy.FAIL);
        case HUMAN -> new Finding.Invalid(invalid.problems(), invalid.remedy().or(Remedy.HUMAN));
      };
    }

    private Finding retried(Optional<Answer> changed, Finding.Invalid before, CheckContext context)
        throws InterruptedException {
      if (changed.isEmpty()
          || !(inner.check(changed.get(), context) instanceof Finding.Valid valid)) {
        return before;
      }
      List<Problem> warnings = new ArrayList<>(before.problems());
      warnings.addAll(valid.warnings());
      return new Finding.Valid(valid.answer(), warnings);
    }
  }
}
