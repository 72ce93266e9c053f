package dev.belay.flow.worktree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A real repository in a directory of its own, with {@code a.txt} of nine lines and a file "b". */
final class Repo {
  static final String LINES = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

  private final Path top;

  Repo(Path top) {
    this.top = top;
  }

  static Repo at(Path top) throws IOException, InterruptedException {
    Repo repo = empty(top);
    repo.write("a.txt", LINES).write("dir/b", "b\n").write(".gitignore", "*.o\n");
    repo.git("add", "--all");
    repo.git("commit", "--quiet", "-m", "start");
    return repo;
  }

  static Repo empty(Path top) throws IOException, InterruptedException {
    Files.createDirectories(top);
    Repo repo = new Repo(top.toRealPath());
    repo.git("init", "--quiet", "--initial-branch=main");
    repo.git("config", "user.name", "Dev");
    repo.git("config", "user.email", "dev@example.org");
    return repo;
  }

  Worktrees open() throws WorktreeException, InterruptedException {
    return Worktrees.open(top, WorktreeSettings.DEFAULT);
  }

  Path top() {
    return top;
  }

  Path path(String name) {
    return top.resolve(name);
  }

  Repo write(String name, String content) throws IOException {
    write(top, name, content);
    return this;
  }

  static void write(Path directory, String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  String git(String... arguments) throws IOException, InterruptedException {
    return git(top, arguments);
  }

  /** As an agent would, with a git that belay knows nothing of. */
  static String git(Path directory, String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "git";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).stripTrailing();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  static void commit(Path directory, String message) throws IOException, InterruptedException {
    git(directory, "add", "--all");
    git(directory, "commit", "--quiet", "-m", message);
  }

  /** What a file holds in a commit or branch. */
  String show(String ref, String file) throws IOException, InterruptedException {
    return git("show", ref + ":" + file);
  }

  String files(String ref) throws IOException, InterruptedException {
    return git("ls-tree", "-r", "--name-only", ref);
  }

  boolean exists(String ref) throws IOException, InterruptedException {
    return !git("for-each-ref", ref).isEmpty();
  }

  /** Each byte of the user's files, index and HEAD, for comparing. */
  Map<String, String> bytes() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(top)) {
      walk.filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(top.resolve(".worktrees")))
          .filter(file -> isUsers(top.relativize(file)))
          .forEach(file -> all.put(file.toString(), read(file)));
    }
    return all;
  }

  private static boolean isUsers(Path file) {
    return !file.startsWith(".git")
        || file.equals(Path.of(".git/index"))
        || file.equals(Path.of(".git/HEAD"))
        || file.equals(Path.of(".git/config"))
        || file.startsWith(".git/refs/heads/main")
        || file.startsWith(".git/logs/HEAD");
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
