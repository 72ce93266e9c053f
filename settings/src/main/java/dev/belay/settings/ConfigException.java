package dev.belay.settings;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. Its message has one line for each problem. */
public final class ConfigException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /** One with problems, at least one. */
  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Everything that is wrong, by line; at least one. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
