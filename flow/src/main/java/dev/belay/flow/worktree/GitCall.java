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

  private GitCall(
      Path directory, List<String> arguments, Map<String, String> environment, byte[] input) {
    this.directory = directory;
    this.arguments = arguments;
    this.environment = environment;
    this.input = input;
  }

  static GitCall in(Path directory, String... arguments) {
    return new GitCall(directory, List.of(arguments), Map.of(), new byte[0]);
  }

  GitCall reading(byte[] bytes) {
    return new GitCall(directory, arguments, environment, bytes);
  }

  GitCall with(Map<String, String> more) {
    Map<String, String> both = new LinkedHashMap<>(environment);
    both.putAll(more);
    return new GitCall(directory, arguments, both, input);
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
