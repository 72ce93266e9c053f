package dev.belay.llm.check;

import java.util.Optional;

/**
 * What a call and everything nested in it may use together. Whoever sends a request charges it; a
 * check only asks whether asking a judge makes sense. Safe for any number of threads.
 */
@FunctionalInterface
public interface SharedBudget {

  /** Never used up. */
  SharedBudget UNLIMITED = Optional::empty;

  /** Why no request may be sent any more, such as "all 8 attempts are used"; empty if one may. */
  Optional<String> exhausted();
}
