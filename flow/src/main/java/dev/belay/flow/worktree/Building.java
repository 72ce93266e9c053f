package dev.belay.flow.worktree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belay.flow.worktree.Landing.Candidate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the commit, or commits, with which work arrives in a target.
 *
 * @param since up to which commit of the branch it has arrived before, in whatever form
 */
record Building(Repository repository, Worktree worktree, Favour favour, Optional<String> since) {

  /** Nothing is moved; what is built and not used git throws away some day. */
  Candidate build(MergeStrategy strategy, String target, String tip)
      throws WorktreeException, InterruptedException {
    return switch (strategy) {
      case MERGE -> merge(target, tip, false);
      case SQUASH -> merge(target, tip, true);
      case REBASE -> rebase(target, tip);
      case NONE -> throw new IllegalArgumentException("nothing to build for " + strategy);
    };
  }

  private Candidate merge(String target, String tip, boolean squash)
      throws WorktreeException, InterruptedException {
    ThreeWay threeWay = new ThreeWay(repository);
    ThreeWay.Result result =
        since.isPresent()
            ? threeWay.onBase(since.orElseThrow(), target, tip, favour)
            : threeWay.merge(target, tip, favour);
    if (!result.clean()) {
      return new Candidate(Optional.empty(), result.conflicts());
    }
    if (result.tree().equals(repository.tree(target))) {
      return Candidate.of(target);
    }
    String title =
        "task '%s' of run '%s'".formatted(oneLine(worktree.task()), oneLine(worktree.run()));
    if (squash) {
      String titles =
          repository
              .run(
                  "log",
                  "--reverse",
                  "--format=* %s",
                  "^" + since.orElse(target),
                  "^" + target,
                  tip)
              .text();
      return Candidate.of(
          repository.commitTree(result.tree(), List.of(target), "Do " + title + "\n\n" + titles));
    }
    return Candidate.of(
        repository.commitTree(result.tree(), List.of(target, tip), "Merge " + title));
  }

  private static String oneLine(String name) {
    return name.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
  }

  private Candidate rebase(String target, String tip)
      throws WorktreeException, InterruptedException {
    List<String[]> commits =
        repository
            .run(
                "rev-list",
                "--reverse",
                "--topo-order",
                "--parents",
                "^" + since.orElse(target),
                "^" + target,
                tip)
            .text()
            .lines()
            .map(line -> line.split(" ", -1))
            .toList();
    if (commits.stream().anyMatch(commit -> commit.length != 2)) {
      return merge(target, tip, false);
    }
    String onto = target;
    for (String[] commit : commits) {
      Candidate next = pick(onto, commit[0], commit[1]);
      if (next.commit().isEmpty()) {
        return next;
      }
      onto = next.commit().orElseThrow();
    }
    return Candidate.of(onto);
  }

  private Candidate pick(String onto, String commit, String parent)
      throws WorktreeException, InterruptedException {
    if (parent.equals(onto)) {
      return Candidate.of(commit);
    }
    ThreeWay.Result result = new ThreeWay(repository).onBase(parent, onto, commit, favour);
    if (!result.clean()) {
      return new Candidate(Optional.empty(), result.conflicts());
    }
    if (result.tree().equals(repository.tree(onto))) {
      return Candidate.of(onto);
    }
    return Candidate.of(again(result.tree(), onto, commit));
  }

  /** The same commit elsewhere: its author, date and words. */
  private String again(String tree, String onto, String commit)
      throws WorktreeException, InterruptedException {
    GitOutput log =
        repository.run("log", "-1", "--date=raw", "--format=%an%x00%ae%x00%ad%x00%B", commit);
    String[] parts = new String(log.bytes(), UTF_8).split("\0", 4);
    Map<String, String> author =
        Map.of(
            "GIT_AUTHOR_NAME", parts[0],
            "GIT_AUTHOR_EMAIL", parts[1],
            "GIT_AUTHOR_DATE", "@" + parts[2]);
    return repository.commitTree(tree, List.of(onto), parts[3], author);
  }
}
