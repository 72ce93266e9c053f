package dev.belay.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one file is read with: its name, the environment, and what was found wrong so far. */
public final class Source {
  private static final int MOST_PROBLEMS = 100;

  private final String file;
  private final Map<String, String> environment;
  private final List<ConfigProblem> problems = new ArrayList<>();
  private int unlisted;

  /** A file by its name in messages, and the environment that its variables come from. */
  public Source(String file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /** The value of a variable of the environment. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name));
  }

  /** Takes down a problem: where, at which key, and what. */
  public void wrong(int line, String path, String message) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(new ConfigProblem(file, line, path, message));
    } else {
      unlisted++;
    }
  }

  /** Ends the reading, for what leaves nothing to read on with. */
  public ConfigException failed(int line, String message) {
    wrong(line, "", message);
    return failed();
  }

  /** Throws if anything was found wrong. */
  public void check() {
    if (!problems.isEmpty()) {
      throw failed();
    }
  }

  private ConfigException failed() {
    List<ConfigProblem> sorted = new ArrayList<>(problems);
    sorted.sort(Comparator.comparingInt(ConfigProblem::line));
    if (unlisted > 0) {
      sorted.add(new ConfigProblem(file, 0, "", "and %d problems more".formatted(unlisted)));
    }
    return new ConfigException(sorted);
  }
}
