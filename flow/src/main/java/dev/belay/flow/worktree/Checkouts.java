package dev.belay.flow.worktree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;

/** Looks at the user's own working copy. */
final class Checkouts {
  /** Before the name in what status says: two letters and a space. */
  private static final int STATUS = 3;

  private Checkouts() {}

  static Checkout look(Repository repository) throws WorktreeException, InterruptedException {
    Map<String, String> files = new TreeMap<>();
    GitOutput status =
        repository.run("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames");
    for (String entry : status.fields()) {
      if (!entry.isEmpty()) {
        String name = GitOutput.readable(entry.substring(STATUS));
        files.put(name, entry.substring(0, STATUS) + stamp(repository.top(), name));
      }
    }
    GitOutput head =
        repository.git().attempt(GitCall.in(repository.top(), "symbolic-ref", "--quiet", "HEAD"));
    return new Checkout(head.text() + " " + repository.commit("HEAD").orElse("none"), files);
  }

  /** Differs after each write, so that a file which was dirty before is watched too. */
  private static String stamp(Path top, String name) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(
              top.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey();
    } catch (IOException | InvalidPathException gone) {
      return "gone";
    }
  }
}
