package dev.belay.settings;

import static java.util.Objects.requireNonNull;

/**
 * One thing that is wrong with a configuration file. Never shows a secret.
 *
 * @param file its name as the user gave it
 * @param line where, counted from 1; 0 if it is no line's fault
 * @param path the key, such as {@code proxy.pool[0].url}; empty for the file as a whole
 * @param message what is wrong, and what to do
 */
public record ConfigProblem(String file, int line, String path, String message) {

  /** Rejects a problem without words. */
  public ConfigProblem {
    requireNonNull(file, "file");
    requireNonNull(path, "path");
    if (message.isBlank() || line < 0) {
      throw new IllegalArgumentException("a problem needs a message and a line of 0 or more");
    }
  }

  /** {@code belay.yaml:12: proxy.pool[0].url: has no port}. */
  @Override
  public String toString() {
    String where = line == 0 ? file : file + ":" + line;
    return where + ": " + (path.isEmpty() ? message : path + ": " + message);
  }
}
