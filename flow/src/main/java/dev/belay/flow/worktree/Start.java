package dev.belay.flow.worktree;

import java.util.List;
import java.util.Optional;

/** Where a task starts from. */
record Start(Repository repository, Landing landing) {

  /** The tip of the target, joined with those bases that are not in it. */
  String of(String target, List<String> bases) throws WorktreeException, InterruptedException {
    String tip =
        repository
            .tip(target)
            .orElseThrow(() -> new WorktreeException("there is no branch " + target));
    String start = tip;
    for (String base : bases) {
      Optional<String> commit = repository.tip(base);
      String landed = base.replaceFirst("^belay/", "refs/belay/landed/");
      if (commit.isEmpty() && repository.commit(landed).isEmpty()) {
        throw new WorktreeException("there is no branch '%s' to start from".formatted(base));
      }
      if (commit.isPresent() && !landing.isNoted(landed, tip, commit.orElseThrow())) {
        start = join(start, base, commit.orElseThrow());
      }
    }
    return start;
  }

  private String join(String start, String base, String commit)
      throws WorktreeException, InterruptedException {
    if (repository.contains(start, commit)) {
      return start;
    }
    if (repository.contains(commit, start)) {
      return commit;
    }
    ThreeWay.Result result = new ThreeWay(repository).merge(start, commit, Favour.NEITHER);
    if (!result.clean()) {
      throw new WorktreeException(
          "cannot start from %s: it is in conflict with what else the task needs, in %s"
              .formatted(base, String.join(", ", result.conflicts())));
    }
    return repository.commitTree(result.tree(), List.of(start, commit), "Start from " + base);
  }
}
