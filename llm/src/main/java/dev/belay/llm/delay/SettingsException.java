package dev.belay.llm.delay;

import java.util.List;
import java.util.stream.Collectors;

/** A file of settings that cannot be used. Its message has one line for each problem. */
public final class SettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  SettingsException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /**
   * One thing that is wrong.
   *
   * @param file as the user named it
   * @param line counted from 1; 0 if it is no line's fault
   * @param path of the key; empty for the file as a whole
   * @param message what is wrong, and what to do
   */
  public record Problem(String file, int line, String path, String message) {
    /** {@code models.yaml:12: rollout.percent: must be 0 to 100, was 101}. */
    @Override
    public String toString() {
      String where = line == 0 ? file : file + ":" + line;
      return where + ": " + (path.isEmpty() ? message : path + ": " + message);
    }
  }

  /** Everything that is wrong, in the order of the file; at least one. */
  public List<Problem> problems() {
    return problems;
  }
}
