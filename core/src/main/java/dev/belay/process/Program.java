package dev.belay.process;

import static java.util.Objects.requireNonNull;

import dev.belay.Time;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program to be started. Immutable. Shows neither arguments nor environment, which may hold keys.
 *
 * @param command the program and its arguments
 * @param environment added to what is inherited
 * @param inherited what of our own environment it sees
 * @param directory in which it works; ours if empty
 * @param grace how long it may take to end when told to, 0 or more, before it is killed
 */
public record Program(
    List<String> command,
    Map<String, String> environment,
    Inherited inherited,
    Optional<Path> directory,
    Duration grace) {

  /** How long a program may take to end when told to, unless said otherwise. */
  public static final Duration GRACE = Duration.ofSeconds(5);

  /** Starts what follows as the leader of a session, and so of a group. */
  private static final List<Path> LEADERS =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  private static final int NO_SUCH_FILE = 2;

  /** Keeps copies; rejects an empty command and a grace below 0. */
  public Program {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    requireNonNull(inherited, "inherited");
    requireNonNull(directory, "directory");
    if (command.isEmpty() || command.getFirst().isBlank()) {
      throw new IllegalArgumentException("command must name a program");
    }
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace must be 0 or more, was %s".formatted(grace));
    }
  }

  /** Sees all of our environment, works in our directory, has 5 s to end. */
  public static Program of(List<String> command) {
    return new Program(command, Map.of(), Inherited.ALL, Optional.empty(), GRACE);
  }

  /** The same with variables added to what it inherits. */
  public Program with(Map<String, String> variables) {
    return new Program(command, variables, inherited, directory, grace);
  }

  /** The same with more or less of our environment. */
  public Program inheriting(Inherited part) {
    return new Program(command, environment, part, directory, grace);
  }

  /** The same in another directory. */
  public Program in(Path place) {
    return new Program(command, environment, inherited, Optional.of(place), grace);
  }

  /** The same with another time to end in. */
  public Program endingWithin(Duration time) {
    return new Program(command, environment, inherited, directory, time);
  }

  /**
   * Starts it, marked as ours by the variable {@value Owner#VARIABLE}, so that {@link Orphans}
   * finds it should we die.
   *
   * @return what runs; to be closed by the caller
   * @throws ProgramMissing if there is no such program
   * @throws IOException if it cannot be started for another reason
   */
  public ProcessTree start(Time time) throws IOException {
    Optional<Path> leader = LEADERS.stream().filter(Files::isExecutable).findFirst();
    List<String> all = new ArrayList<>(command);
    leader.ifPresent(path -> all.addFirst(path.toString()));
    ProcessBuilder builder = new ProcessBuilder(all);
    directory.ifPresent(place -> builder.directory(place.toFile()));
    builder.environment().keySet().removeIf(name -> !inherited.includes(name));
    builder.environment().putAll(environment);
    builder.environment().put(Owner.VARIABLE, Owner.self().text());
    if (leader.isPresent()) {
      // it would start all the same, and say so by an exit code that a program may have, too
      find(builder.environment().getOrDefault("PATH", ""));
    }
    try {
      return ProcessTree.of(builder.start(), leader.isPresent(), grace, time);
    } catch (IOException refused) {
      throw explain(refused);
    }
  }

  private void find(String path) throws ProgramMissing {
    String name = command.getFirst();
    boolean named = name.contains("/");
    List<Path> places =
        (named ? Stream.of("") : Stream.of(path.split(File.pathSeparator, -1)))
            .flatMap(folder -> place(folder, name).stream())
            .filter(Files::isRegularFile)
            .toList();
    if (places.isEmpty()) {
      throw new ProgramMissing(name, named ? "is not there" : "is not on the PATH");
    }
    if (places.stream().noneMatch(Files::isExecutable)) {
      throw new ProgramMissing(name, "may not be executed");
    }
  }

  private Optional<Path> place(String folder, String name) {
    try {
      Path here = directory.orElse(Path.of(""));
      return Optional.of(here.resolve(folder).resolve(name));
    } catch (InvalidPathException none) {
      return Optional.empty();
    }
  }

  private IOException explain(IOException refused) {
    boolean there = directory.isEmpty() || Files.isDirectory(directory.get());
    if (!there) {
      return new IOException("%s is no directory".formatted(directory.get()), refused);
    }
    return String.valueOf(refused.getMessage()).contains("error=" + NO_SUCH_FILE + ",")
        ? new ProgramMissing(command.getFirst(), "is not there")
        : refused;
  }

  @Override
  public String toString() {
    return "Program[%s]".formatted(command.getFirst());
  }
}
