package dev.belay.bench.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What this machine has besides Java. */
public final class Installed {
  private Installed() {}

  /** Whether a program is on the path. */
  public static boolean has(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }
}
