package dev.belay.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process as Linux lists it; elsewhere none is listed. Immutable.
 *
 * @param state {@code Z} if it has ended and nobody has asked how
 * @param started in ticks since the system was started
 */
record ListedProcess(long pid, char state, long group, long session, long started) {
  private static final Path LIST = Path.of("/proc");
  private static final int GROUP = 2;
  private static final int SESSION = 3;
  private static final int STARTED = 19;

  static Optional<ListedProcess> of(long pid) {
    try {
      String line =
          new String(Files.readAllBytes(LIST.resolve(pid + "/stat")), StandardCharsets.ISO_8859_1);
      // its name comes first, in brackets, and may hold anything
      String[] words = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
      return Optional.of(
          new ListedProcess(
              pid,
              words[0].charAt(0),
              Long.parseLong(words[GROUP]),
              Long.parseLong(words[SESSION]),
              Long.parseLong(words[STARTED])));
    } catch (IOException | RuntimeException gone) {
      return Optional.empty();
    }
  }

  /** Whether there is one, even if it cannot be read at the moment. */
  static boolean isListed(long pid) {
    return Files.exists(LIST.resolve(Long.toString(pid)));
  }

  static List<ListedProcess> all() {
    if (!Files.isDirectory(LIST)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(LIST)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> name.chars().allMatch(digit -> digit >= '0' && digit <= '9'))
          .flatMap(name -> of(Long.parseLong(name)).stream())
          .toList();
    } catch (IOException | RuntimeException none) {
      return List.of();
    }
  }

  /** Whether it still does anything. */
  boolean lives() {
    return state != 'Z' && state != 'X';
  }

  /** Whether Java's handle on it does; one that has ended and was not asked how does not. */
  static boolean lives(ProcessHandle process) {
    return process.isAlive() && of(process.pid()).map(ListedProcess::lives).orElse(true);
  }

  /** Whose it is, if it is one of ours, of this user, and of this list of numbers. */
  Optional<Owner> owner() {
    Path entry = LIST.resolve(Long.toString(pid));
    Path us = LIST.resolve("self");
    try {
      boolean foreign =
          !Files.getAttribute(entry, "unix:uid").equals(Files.getAttribute(us, "unix:uid"))
              || !namespace(entry).equals(namespace(us));
      if (foreign) {
        return Optional.empty();
      }
      String start = Owner.VARIABLE + "=";
      String all = new String(Files.readAllBytes(entry.resolve("environ")), StandardCharsets.UTF_8);
      return Stream.of(all.split("\0", -1))
          .filter(variable -> variable.startsWith(start))
          .findFirst()
          .flatMap(variable -> Owner.of(variable.substring(start.length())));
    } catch (IOException | RuntimeException hidden) {
      return Optional.empty();
    }
  }

  private static Path namespace(Path entry) throws IOException {
    return Files.readSymbolicLink(entry.resolve("ns/pid"));
  }
}
