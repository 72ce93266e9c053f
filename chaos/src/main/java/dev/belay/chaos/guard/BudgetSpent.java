package dev.belay.chaos.guard;

import java.io.Serial;

/** Too many trials had to be broken off; nothing more may be tried. */
public final class BudgetSpent extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  BudgetSpent(int breaches) {
    super("the error budget is spent: the system was not steady in %d trials".formatted(breaches));
  }
}
