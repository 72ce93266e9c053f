package dev.belay.llm.check;

import java.util.List;

/** Several validators as one. Problems come back in the order of the validators, all at once. */
public final class Groups {
  private Groups() {}

  /**
   * All must hold; all run, one after the other, even after one has objected. What one puts right
   * ({@link OnFail#FIX}), the next ones see.
   */
  public static Validator all(List<Validator> validators) {
    return new AllGroup(validators);
  }

  /** At least one must hold. The first that does decides; without one, all problems come back. */
  public static Validator any(List<Validator> validators) {
    return new AnyGroup(validators);
  }

  /**
   * All must hold; the cheap ones run before the dear ones, and nothing after the first that
   * objects.
   */
  public static Validator firstFailure(List<Validator> validators) {
    return new FirstFailureGroup(validators);
  }

  /**
   * All must hold; all run at the same time, each on a virtual thread of its own, and all see the
   * answer as it came. They may change it in one way only.
   */
  public static Validator parallel(List<Validator> validators) {
    return new ParallelGroup(validators);
  }

  /** All run as in {@link #all}, but what they object to only becomes a warning. */
  public static Validator warnOnly(List<Validator> validators) {
    return new WarnOnlyGroup(new AllGroup(validators));
  }
}
