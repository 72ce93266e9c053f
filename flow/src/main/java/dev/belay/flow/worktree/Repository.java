package dev.belay.flow.worktree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Objects and refs of one repository; nothing here knows of a working copy. Safe for any number of
 * threads.
 *
 * @param top where its working copy begins
 * @param identity who commits, if git knows nobody
 */
record Repository(Git git, Path top, Map<String, String> identity) {
  private static final Pattern VERSION = Pattern.compile("git version (\\d+)\\.(\\d+).*");
  private static final int MAJOR = 2;
  private static final int MINOR = 39;

  /** A change to a ref. */
  record RefUpdate(String ref, String to, String from) {}

  /** A working tree as git lists it; the branch is empty on a detached head. */
  record Listed(String directory, String branch) {}

  static Repository open(Git git, Path path) throws WorktreeException, InterruptedException {
    Path start = path.toAbsolutePath().normalize();
    if (!start.toFile().isDirectory()) {
      throw new WorktreeException("%s is not a directory".formatted(start));
    }
    checkVersion(git, start);
    GitOutput inside = git.attempt(GitCall.in(start, "rev-parse", "--is-inside-work-tree"));
    if (inside.exit() != 0) {
      throw new WorktreeException(
          "%s is in no git repository that can be used; make one there with 'git init' (git says: %s)"
              .formatted(start, inside.errors().strip()));
    }
    if (!inside.text().equals("true")) {
      throw new WorktreeException(
          "%s is in a bare repository, which has no working copy; use a clone of it"
              .formatted(start));
    }
    Path top = Path.of(git.run(GitCall.in(start, "rev-parse", "--show-toplevel")).text());
    Repository repository = new Repository(git, top, identity(git, top));
    if (repository.commit("HEAD").isEmpty()) {
      throw new WorktreeException(
          "%s has no commits yet, so that no task can start from one; make the first with"
                  .formatted(top)
              + " 'git commit --allow-empty -m start'");
    }
    return repository;
  }

  private static void checkVersion(Git git, Path start)
      throws WorktreeException, InterruptedException {
    String text = git.run(GitCall.in(start, "--version")).text();
    Matcher version = VERSION.matcher(text);
    if (version.matches()) {
      int major = Integer.parseInt(version.group(1));
      if (major > MAJOR || (major == MAJOR && Integer.parseInt(version.group(2)) >= MINOR)) {
        return;
      }
    }
    throw new WorktreeException("git 2.39 or later is needed, this is '%s'".formatted(text));
  }

  private static Map<String, String> identity(Git git, Path top)
      throws WorktreeException, InterruptedException {
    // Without a name or an address git would guess, and commit as the account of the machine.
    boolean named =
        git.attempt(GitCall.in(top, "config", "--get", "user.name")).exit() == 0
            && git.attempt(GitCall.in(top, "config", "--get", "user.email")).exit() == 0;
    Map<String, String> belay =
        Map.of(
            "GIT_AUTHOR_NAME", "belay",
            "GIT_AUTHOR_EMAIL", "belay@localhost",
            "GIT_COMMITTER_NAME", "belay",
            "GIT_COMMITTER_EMAIL", "belay@localhost");
    boolean given = System.getenv().keySet().containsAll(belay.keySet());
    return named || given ? Map.of() : belay;
  }

  GitOutput run(String... arguments) throws WorktreeException, InterruptedException {
    return git.run(GitCall.in(top, arguments));
  }

  /** The commit that a full ref, HEAD or a hash stands for. */
  Optional<String> commit(String ref) throws WorktreeException, InterruptedException {
    GitOutput found =
        git.attempt(GitCall.in(top, "rev-parse", "--verify", "--quiet", ref + "^{commit}"));
    return found.exit() == 0 ? Optional.of(found.text()) : Optional.empty();
  }

  /** The same for a branch by its short name. */
  Optional<String> tip(String branch) throws WorktreeException, InterruptedException {
    return commit("refs/heads/" + branch);
  }

  /** Whether it can be the name of a branch, and is not a way to say "two before it". */
  boolean isBranchName(String name) throws WorktreeException, InterruptedException {
    return git.attempt(GitCall.in(top, "check-ref-format", "refs/heads/" + name)).exit() == 0;
  }

  String tree(String commit) throws WorktreeException, InterruptedException {
    return run("rev-parse", "--verify", commit + "^{tree}").text();
  }

  /** Whether {@code commit} is {@code tip}, or came before it. */
  boolean contains(String tip, String commit) throws WorktreeException, InterruptedException {
    if (tip.equals(commit)) {
      return true;
    }
    GitCall call = GitCall.in(top, "merge-base", "--is-ancestor", commit, tip);
    GitOutput answer = git.attempt(call);
    if (answer.exit() > 1) {
      throw Git.failed(call, answer);
    }
    return answer.exit() == 0;
  }

  /** Makes a commit that no ref points at yet. */
  String commitTree(String tree, List<String> parents, String message)
      throws WorktreeException, InterruptedException {
    return commitTree(tree, parents, message, Map.of());
  }

  String commitTree(String tree, List<String> parents, String message, Map<String, String> author)
      throws WorktreeException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("commit-tree", "-F", "-"));
    parents.forEach(parent -> arguments.addAll(List.of("-p", parent)));
    arguments.add(tree);
    GitCall call = GitCall.in(top, arguments.toArray(String[]::new));
    byte[] text = (message.replace('\0', ' ').stripTrailing() + "\n").getBytes(UTF_8);
    return git.run(call.with(identity).with(author).reading(text)).text();
  }

  /**
   * Changes refs, all of them or none. An old value of all zeros means that the ref is new.
   *
   * @return git's exit code is 0; otherwise somebody else changed one meanwhile, or holds a lock
   */
  GitOutput update(List<RefUpdate> updates) throws WorktreeException, InterruptedException {
    StringBuilder input = new StringBuilder();
    for (RefUpdate update : updates) {
      input.append("update ").append(update.ref()).append('\0');
      input.append(update.to()).append('\0').append(update.from()).append('\0');
    }
    GitCall call = GitCall.in(top, "update-ref", "-m", "belay", "--create-reflog", "--stdin", "-z");
    return git.attempt(call.reading(input.toString().getBytes(UTF_8)).brief());
  }

  /** Changes refs, and does not expect anybody else to. */
  void set(RefUpdate... updates) throws WorktreeException, InterruptedException {
    GitOutput output = update(Arrays.asList(updates));
    if (output.exit() != 0) {
      throw new WorktreeException(
          "could not move %s: %s".formatted(Arrays.toString(updates), output.errors().strip()));
    }
  }

  /** What stands for no commit, in the hash length of this one. */
  static String none(String hash) {
    return "0".repeat(hash.length());
  }

  /** All working trees of the repository, the user's own among them. */
  List<Listed> workingTrees() throws WorktreeException, InterruptedException {
    List<Listed> found = new ArrayList<>();
    String directory = "";
    String branch = "";
    for (String raw : run("worktree", "list", "--porcelain", "-z").fields()) {
      String field = GitOutput.readable(raw);
      if (field.startsWith("worktree ")) {
        directory = field.substring("worktree ".length());
        branch = "";
      } else if (field.startsWith("branch refs/heads/")) {
        branch = field.substring("branch refs/heads/".length());
      } else if (field.isEmpty() && !directory.isEmpty()) {
        found.add(new Listed(directory, branch));
        directory = "";
      }
    }
    return found;
  }

  /** Where a branch is checked out; empty for nowhere. */
  List<String> checkoutsOf(String branch) throws WorktreeException, InterruptedException {
    return workingTrees().stream()
        .filter(tree -> tree.branch().equals(branch))
        .map(Listed::directory)
        .toList();
  }

  /** Full names of the refs below a prefix of whole components. */
  Stream<String> refs(String prefix) throws WorktreeException, InterruptedException {
    return run("for-each-ref", "--format=%(refname)", prefix).text().lines();
  }
}
