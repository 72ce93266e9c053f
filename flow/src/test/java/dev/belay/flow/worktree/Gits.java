package dev.belay.flow.worktree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ways to run git that differ from that of the machine. */
final class Gits {
  private Gits() {}

  /** One that reads no settings but those of the repository. */
  static Git withoutUser(Path directory) throws IOException {
    Path program = directory.resolve("git-without-user");
    String script = "#!/bin/sh\nexport GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1\n";
    Files.writeString(program, script + "exec git \"$@\"\n");
    if (!program.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + program + " executable");
    }
    return new Git(program.toString());
  }
}
