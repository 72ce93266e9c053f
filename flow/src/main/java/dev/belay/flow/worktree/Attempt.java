package dev.belay.flow.worktree;

/** Which attempt at which task of which run, as people name them. */
record Attempt(String run, String task, int number) {
  Attempt {
    if (number < 1) {
      throw new IllegalArgumentException("attempt must be at least 1, was " + number);
    }
  }

  /** Below {@code refs/heads/} and the like. */
  String path() {
    return RefNames.component(run) + "/" + RefNames.component(task) + "/" + number;
  }

  String branch() {
    return "belay/" + path();
  }

  /** Says which tip has arrived in the target, and as which commit: its second and first parent. */
  String landedRef() {
    return "refs/belay/landed/" + path();
  }

  /** Below it is what would otherwise belong to no branch. */
  String keptRefs() {
    return "refs/belay/kept/" + path();
  }

  @Override
  public String toString() {
    return "task '%s' of run '%s', attempt %d".formatted(task, run, number);
  }
}
