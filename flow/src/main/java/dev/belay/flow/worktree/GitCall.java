package dev.belay.flow.worktree;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One use of git: where, what, and with what on its standard input. Not changed once made. */
final class GitCall {
  private final Path directory;
  private final List<String> arguments;
  private final Map<String, String> environment;
  private final byte[] input;
  private final boolean brief;

  private GitCall(
      Path directory,
      List<String> arguments,
      Map<String, String> environment,
      byte[] input,
      boolean brief) {
    this.directory = directory;
    this.arguments = arguments;
    this.environment = environment;
    this.input = input;
    this.brief = brief;
  }

  static GitCall in(Path directory, String... arguments) {
    return new GitCall(directory, List.of(arguments), Map.of(), new byte[0], false);
  }

  GitCall reading(byte[] bytes) {
    return new GitCall(directory, arguments, environment, bytes, brief);
  }

  GitCall with(Map<String, String> more) {
    Map<String, String> both = new LinkedHashMap<>(environment);
    both.putAll(more);
    return new GitCall(directory, arguments, both, input, brief);
  }

  /**
   * The same, to be let finish when its thread is interrupted: it takes no time, and holds a lock
   * that would stay behind if it were killed at the wrong moment.
   */
  GitCall brief() {
    return new GitCall(directory, arguments, environment, input, true);
  }

  boolean isBrief() {
    return brief;
  }

  Path directory() {
    return directory;
  }

  List<String> arguments() {
    return arguments;
  }

  Map<String, String> environment() {
    return environment;
  }

  byte[] input() {
    return input;
  }

  /** As it would be typed, for messages. */
  @Override
  public String toString() {
    return "git " + String.join(" ", arguments);
  }
}
