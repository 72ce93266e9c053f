package dev.belay.flow.worktree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Remembers that a commit holds files of a merge which its agent did not end, so that conflict
 * markers do not arrive anywhere; whoever commits on top of it has looked at them.
 *
 * @param file beside what git keeps of the worktree
 */
record Unresolved(Path file) {

  static Unresolved of(Worktree worktree) {
    return new Unresolved(worktree.gitDirectory().resolve("belay-unresolved"));
  }

  void note(String commit, List<String> files) throws IOException {
    // Encoded, because a name may hold a line end.
    Files.write(
        file,
        Stream.concat(Stream.of(commit), files.stream().map(name -> URLEncoder.encode(name, UTF_8)))
            .toList());
  }

  /** Which files of that very commit; empty if all is well with it. */
  List<String> at(String commit) throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    return lines.isEmpty() || !lines.getFirst().equals(commit)
        ? List.of()
        : lines.stream().skip(1).map(name -> URLDecoder.decode(name, UTF_8)).toList();
  }
}
