package dev.belay.flow.worktree;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the user's own working copy looked like at a moment. Immutable.
 *
 * @param head which branch and commit is checked out
 * @param files each changed or untracked file, and a state that differs whenever it is written to
 */
public record Checkout(String head, Map<String, String> files) {
  /** Keeps a copy. */
  public Checkout {
    files = Map.copyOf(files);
  }

  /** Whether the user has work there that no task sees, because tasks start from commits. */
  public boolean isDirty() {
    return !files.isEmpty();
  }

  /** Which files are in another state now than {@code before}, sorted; "HEAD" first if it moved. */
  public List<String> changedSince(Checkout before) {
    Stream<String> changed =
        Stream.concat(files.keySet().stream(), before.files.keySet().stream())
            .distinct()
            .filter(
                file -> !files.getOrDefault(file, "").equals(before.files.getOrDefault(file, "")))
            .sorted();
    return Stream.concat(head.equals(before.head) ? Stream.of() : Stream.of("HEAD"), changed)
        .toList();
  }
}
