package dev.belay.llm.delay;

import dev.belay.llm.ErrorKind;
import java.util.Map;

/**
 * What holds for one provider only. Immutable.
 *
 * @param classes rules that hold instead of the general ones
 * @param sharedGate whether all models of an account wait at one gate; else each has its own
 */
public record ProviderRules(Map<ErrorKind, ClassRule> classes, boolean sharedGate) {
  /** Nothing of its own. */
  public static final ProviderRules NONE = new ProviderRules(Map.of(), false);

  /** Keeps a copy. */
  public ProviderRules {
    classes = Map.copyOf(classes);
  }
}
