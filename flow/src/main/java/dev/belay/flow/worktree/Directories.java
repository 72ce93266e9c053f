package dev.belay.flow.worktree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories of our own. */
final class Directories {
  private Directories() {}

  /** Deletes one, if there is one, with all that is in it; follows no links. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  /** Whether there is something in the place. */
  static boolean isTaken(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
    }
    try (Stream<Path> content = Files.list(directory)) {
      return content.findAny().isPresent();
    }
  }
}
