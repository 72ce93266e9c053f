package dev.belay.flow.worktree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which worktrees there are: a note beside what git keeps of each. It outlives the process, and
 * says whose a worktree is even if its agent switched branches.
 *
 * @param common the git directory that all working trees share
 */
record Registry(Path common) {
  private static final String NOTE = "belay";
  private static final int PARTS = 7;

  void add(Worktree worktree) throws IOException {
    String note =
        Stream.of(
                worktree.run(),
                worktree.task(),
                Integer.toString(worktree.attempt()),
                worktree.directory().toString(),
                worktree.branch(),
                worktree.target(),
                worktree.base())
            .map(part -> URLEncoder.encode(part, UTF_8))
            .collect(Collectors.joining("\n"));
    // Whole or not at all.
    Path half = worktree.gitDirectory().resolve(NOTE + ".half");
    Files.writeString(half, note);
    Files.move(half, worktree.gitDirectory().resolve(NOTE));
  }

  List<Worktree> all() throws IOException {
    Path directory = common.resolve("worktrees");
    List<Worktree> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      List<Path> entries;
      try (Stream<Path> listed = Files.list(directory)) {
        entries = listed.sorted().toList();
      }
      for (Path entry : entries) {
        read(entry).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<Worktree> read(Path entry) throws IOException {
    Path note = entry.resolve(NOTE);
    if (!Files.exists(note)) {
      return Optional.empty();
    }
    String[] parts =
        Files.readString(note)
            .lines()
            .map(part -> URLDecoder.decode(part, UTF_8))
            .toArray(String[]::new);
    if (parts.length != PARTS) {
      return Optional.empty();
    }
    return Optional.of(
        new Worktree(
            parts[0],
            parts[1],
            Integer.parseInt(parts[2]),
            Path.of(parts[3]),
            entry,
            parts[4],
            parts[5],
            parts[6]));
  }
}
