package dev.belay.flow.worktree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where worktrees are put.
 *
 * @param directory for all of them
 * @param common the git directory that all working trees share
 */
record Place(Path directory, Path common) {
  private static final String LINK = "gitdir: ";

  /** Sees to it that git does not take worktrees inside the repository for files of the user's. */
  static Place of(Repository repository, WorktreeSettings settings)
      throws WorktreeException, InterruptedException {
    Path top = repository.top();
    Path directory = top.resolve(settings.directory().orElse(Path.of(".worktrees"))).normalize();
    Path common = top.resolve(repository.run("rev-parse", "--git-common-dir").text()).normalize();
    if (top.startsWith(directory) || directory.startsWith(common)) {
      throw new WorktreeException(
          "worktrees cannot be in %s; name a 'directory' of their own".formatted(directory));
    }
    if (directory.startsWith(top)) {
      exclude(common.resolve("info/exclude"), top.relativize(directory));
    }
    return new Place(directory, common);
  }

  /** In the repository's own list, for the user's {@code .gitignore} is not ours to change. */
  private static void exclude(Path file, Path directory) throws WorktreeException {
    String line = "/" + directory.toString().replaceAll("([\\\\*?\\[])", "\\\\$1") + "/";
    try {
      Files.createDirectories(file.getParent());
      String before = Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
      if (before.lines().noneMatch(line::equals)) {
        String gap = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
        Files.writeString(
            file, gap + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw new WorktreeException("cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  Path of(Attempt id) {
    return directory.resolve(RefNames.component(id.run())).resolve(RefNames.component(id.task()));
  }

  /** Where git keeps what belongs to one worktree alone; for one just made. */
  static Path gitDirectory(Path worktree) throws IOException {
    String link = Files.readString(worktree.resolve(".git")).stripTrailing();
    if (!link.startsWith(LINK)) {
      throw new IOException("%s is no worktree: %s".formatted(worktree, link));
    }
    return worktree.resolve(link.substring(LINK.length())).normalize();
  }
}
