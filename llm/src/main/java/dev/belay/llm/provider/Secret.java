package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A key that is read anew each time it is used, so that it may change while we run. Never prints
 * its value. Safe for any number of threads.
 */
public final class Secret {
  /** For providers that ask for none. */
  public static final Secret NONE = new Secret(() -> "");

  private final Supplier<String> source;

  private Secret(Supplier<String> source) {
    this.source = requireNonNull(source, "source");
  }

  /** One that is given as it is. */
  public static Secret of(String value) {
    requireNonNull(value, "value");
    return new Secret(() -> value);
  }

  /** One that is asked for each time; may block for no longer than a file takes to be read. */
  public static Secret from(Supplier<String> source) {
    return new Secret(source);
  }

  /** One from an environment variable. */
  public static Secret fromEnvironment(String name) {
    requireNonNull(name, "name");
    return new Secret(() -> {
      String value = System.getenv(name);
      if (value == null || value.isBlank()) {
        throw new MissingVariable(
            "environment variable %s must hold a key, but is not set".formatted(name));
      }
      return value.strip();
    });
  }

  /** One from a file; blanks around it are left out. */
  public static Secret fromFile(Path file) {
    requireNonNull(file, "file");
    return new Secret(() -> {
      try {
        return Files.readString(file).strip();
      } catch (IOException unreadable) {
        throw new MissingVariable("key file %s cannot be read".formatted(file));
      }
    });
  }

  /**
   * The value; empty if there is none.
   *
   * @throws MissingVariable if the place it should come from is empty
   */
  public String reveal() {
    return source.get();
  }

  @Override
  public String toString() {
    return "***";
  }
}
