package dev.belay.testkit.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program named as an agent's command line, which speaks as that does and fails on command. It is
 * a script of {@code /bin/sh} and starts in a few milliseconds. Safe for any number of threads, and
 * called any number of times at once.
 *
 * {@snippet :
 * FakeAgent claude =
 *     FakeAgent.install(
 *         directory,
 *         Tongue.CLAUDE,
 *         Turn.begin().limit(Instant.ofEpochSecond(1_800_000_000)),
 *         Turn.begin().say("let me see").pause(Duration.ofMillis(50)).answer("done"));
 * // ... whoever runs directory/claude is refused at first, and answered from then on
 * assertThat(claude.calls().getFirst().arguments()).contains("--session-id");
 * }
 */
public final class FakeAgent {
  private static final String HEAD =
      """
      #!/bin/sh
      n=1
      while ! mkdir "$state/$n" 2>/dev/null; do n=$((n + 1)); done
      here=$state/$n
      session=
      before=
      last=
      carried=
      for word in "$@"; do
        printf '%s\\0' "$word"
        case $last in --session-id|--resume|--name) session=$word ;; esac
        [ "$word" = resume ] && carried=yes
        before=$last
        last=$word
      done > "$here/arguments"
      """;

  private static final String CODEX =
      """
      session=thread-$n
      [ -n "$carried" ] && session=$before
      """;

  private static final String JOURNAL =
      """
      env -0 > "$here/environment"
      pwd -P > "$here/directory"
      """;

  private static final String READ = "cat > \"$here/input\"\n";

  private final Path program;
  private final Path state;

  private FakeAgent(Path program, Path state) {
    this.program = program;
    this.state = state;
  }

  /**
   * Writes the program into a directory: {@code claude}, {@code codex}, {@code goose} or {@code
   * agent}.
   *
   * @param turns what it does when called for the first time, the second time and so on; the last
   *     one is repeated
   */
  public static FakeAgent install(Path directory, Tongue tongue, Turn... turns) {
    return install(directory, tongue, READ, turns);
  }

  /** The same, but it never reads its standard input. */
  public static FakeAgent deaf(Path directory, Tongue tongue, Turn... turns) {
    return install(directory, tongue, "", turns);
  }

  private static FakeAgent install(Path directory, Tongue tongue, String read, Turn... turns) {
    Path program = directory.resolve(tongue.program());
    Path state = directory.resolve(tongue.program() + ".calls");
    StringBuilder script = new StringBuilder(HEAD);
    script.insert(HEAD.indexOf('\n') + 1, "state=" + Shell.quoted(state.toString()) + "\n");
    script.append(tongue == Tongue.CODEX ? CODEX : "").append(JOURNAL).append(read);
    script.append("opened=\nopening() {\n[ -n \"$opened\" ] && return\nopened=yes\n");
    script.append(tongue.opening()).append("}\ncase $n in\n");
    for (int at = 0; at < turns.length; at++) {
      script.append(at == turns.length - 1 ? "*" : "" + (at + 1)).append(")\n:\n");
      script.append(turns[at].script(tongue)).append(";;\n");
    }
    script.append("esac\n");
    try {
      Files.createDirectories(state);
      Files.writeString(program, script);
      if (!program.toFile().setExecutable(true)) {
        throw new IOException("%s cannot be made executable".formatted(program));
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return new FakeAgent(program, state);
  }

  /** The program. */
  public Path program() {
    return program;
  }

  /**
   * One call of it. Immutable.
   *
   * @param arguments without its own name
   * @param input what it read on its standard input; empty until it has
   * @param environment all of it, as {@code NAME=value}
   * @param directory in which it was started
   * @param processes the numbers of what it has left behind
   */
  public record Seen(
      List<String> arguments,
      String input,
      List<String> environment,
      String directory,
      List<Long> processes) {
    /** Keeps copies. */
    public Seen {
      arguments = List.copyOf(arguments);
      environment = List.copyOf(environment);
      processes = List.copyOf(processes);
    }

    /** The argument after another one; empty text if there is none. */
    public String after(String argument) {
      int at = arguments.indexOf(argument);
      return at < 0 || at + 1 == arguments.size() ? "" : arguments.get(at + 1);
    }
  }

  /** How it was called so far, in order. */
  public List<Seen> calls() {
    List<Seen> calls = new ArrayList<>();
    for (int at = 1; Files.isDirectory(state.resolve("" + at)); at++) {
      Path here = state.resolve("" + at);
      calls.add(
          new Seen(
              words(here, "arguments"),
              read(here, "input"),
              words(here, "environment"),
              read(here, "directory").strip(),
              read(here, "processes").lines().map(Long::valueOf).toList()));
    }
    return calls;
  }

  private static List<String> words(Path here, String file) {
    String all = read(here, file);
    return all.isEmpty()
        ? List.of()
        : Stream.of(all.split("\0", -1)).toList().subList(0, count(all));
  }

  private static int count(String all) {
    return (int) all.chars().filter(letter -> letter == 0).count();
  }

  private static String read(Path here, String file) {
    Path path = here.resolve(file);
    try {
      return Files.exists(path) ? new String(Files.readAllBytes(path), UTF_8) : "";
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
