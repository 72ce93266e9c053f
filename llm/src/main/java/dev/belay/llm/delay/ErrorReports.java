package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Check;
import dev.belay.llm.form.Redaction;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Writes errors down, one file for programs and one for people each, under {@code
 * <run>/errors/<yyyymmdd_HHMMSS>_<component>_<type>_<sequence>}. A file is there whole or not at
 * all; the oldest go when there are too many. Safe for any number of threads.
 */
public final class ErrorReports {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int LONGEST_NAME = 60;
  private static final int LARGEST_BYTES = 1_000_000;

  private final Path root;
  private final int mostPerRun;
  private final int mostRuns;
  private final AtomicLong sequence = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Integer> counts = new TreeMap<>();

  /**
   * Reports under a directory.
   *
   * @param root holds one directory for each run; made when it is needed
   * @param mostPerRun reports of one run that are kept, 1 to 100,000
   * @param mostRuns runs of which there are reports, 1 to 100,000; those go whose newest report is
   *     the oldest
   */
  public ErrorReports(Path root, int mostPerRun, int mostRuns) {
    Check.that(
        mostPerRun >= 1 && mostPerRun <= 100_000,
        "most_per_run must be 1 to 100000, was %d",
        mostPerRun);
    Check.that(
        mostRuns >= 1 && mostRuns <= 100_000, "most_runs must be 1 to 100000, was %d", mostRuns);
    this.root = requireNonNull(root, "root");
    this.mostPerRun = mostPerRun;
    this.mostRuns = mostRuns;
  }

  /**
   * What a run's errors come to.
   *
   * @param runId which run
   * @param total how many reports there are
   * @param byClass how many of each {@code error_class}; of each type where that is missing
   * @param byComponent how many of each component
   * @param first when the oldest happened; empty if there is none
   * @param last when the newest happened; empty if there is none
   */
  public record Summary(
      String runId,
      int total,
      Map<String, Integer> byClass,
      Map<String, Integer> byComponent,
      String first,
      String last) {
    /** Keeps copies. */
    public Summary {
      byClass = Map.copyOf(byClass);
      byComponent = Map.copyOf(byComponent);
    }
  }

  /**
   * Writes one down.
   *
   * @return the file for programs
   * @throws IOException if it cannot be written; nothing half is left then
   */
  public Path report(ErrorReport report) throws IOException {
    String run = safe(report.origin().runId());
    Path directory = directory(run);
    if (!Files.isDirectory(directory)) {
      makeRoom();
      Files.createDirectories(directory);
    }
    String name =
        "%s_%s_%s_%06d"
            .formatted(
                STAMP.format(report.at()),
                safe(report.origin().component()),
                safe(report.failure().type()),
                sequence.incrementAndGet());
    Path json = free(directory, name);
    String base = json.getFileName().toString().replaceAll("\\.json$", "");
    write(directory.resolve(base + ".txt"), report.toText());
    write(json, report.toJson().toString());
    retain(run, directory);
    return json;
  }

  /** Before another run comes; a tenth at once, so that not each has to look at all of them. */
  private void makeRoom() throws IOException {
    lock.lock();
    try {
      List<Path> runs = runs();
      if (runs.size() < mostRuns) {
        return;
      }
      int most = mostRuns - Math.max(1, mostRuns / 10);
      for (Path old : runs.subList(0, runs.size() - most)) {
        remove(old.resolve("errors"));
        Files.deleteIfExists(old);
        counts.remove(old.getFileName().toString());
      }
    } catch (DirectoryNotEmptyException others) {
      // somebody else keeps files there, which are not ours to remove
    } finally {
      lock.unlock();
    }
  }

  private static void remove(Path errors) throws IOException {
    try (Stream<Path> files = Files.list(errors)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(errors);
  }

  /** Those that have reports, the one that was written to last comes last. */
  private List<Path> runs() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    Map<Path, FileTime> changed = new HashMap<>();
    try (Stream<Path> all = Files.list(root)) {
      for (Path run : all.filter(one -> Files.isDirectory(one.resolve("errors"))).toList()) {
        changed.put(run, Files.getLastModifiedTime(run.resolve("errors")));
      }
    }
    return changed.entrySet().stream()
        .sorted(
            Map.Entry.<Path, FileTime>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * The names of the runs that have reports, the one with the newest last.
   *
   * @throws IOException if they cannot be read
   */
  public List<String> runIds() throws IOException {
    return runs().stream().map(run -> run.getFileName().toString()).toList();
  }

  /** A name that an earlier process has not used. */
  private static Path free(Path directory, String name) {
    Path path = directory.resolve(name + ".json");
    for (int i = 1; Files.exists(path); i++) {
      path = directory.resolve("%s-%d.json".formatted(name, i));
    }
    return path;
  }

  private static void write(Path to, String text) throws IOException {
    Path part = to.resolveSibling(to.getFileName() + ".part");
    try {
      Files.writeString(part, text);
      Files.move(part, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void retain(String run, Path directory) throws IOException {
    lock.lock();
    try {
      Integer before = counts.get(run);
      int now = before == null ? files(directory).size() : before + 1;
      if (now > mostPerRun) {
        List<Path> all = files(directory);
        // a tenth at once, so that not every report has to look at all of them
        int most = mostPerRun - mostPerRun / 10;
        for (Path old : all.subList(0, Math.max(0, all.size() - most))) {
          Files.deleteIfExists(old);
          Files.deleteIfExists(text(old));
        }
        now = Math.min(all.size(), most);
      }
      if (counts.size() > 10_000) {
        counts.clear();
      }
      counts.put(run, now);
    } finally {
      lock.unlock();
    }
  }

  private static Path text(Path json) {
    return json.resolveSibling(json.getFileName().toString().replaceAll("\\.json$", ".txt"));
  }

  /**
   * The reports of a run, oldest first; none if there is no such run.
   *
   * @throws IOException if they cannot be read
   */
  public List<Json.Obj> list(String runId) throws IOException {
    List<Json.Obj> all = new ArrayList<>();
    for (Path file : files(directory(safe(runId)))) {
      read(file).ifPresent(all::add);
    }
    return all;
  }

  /** Nothing if it is somebody else's file. */
  private static Optional<Json.Obj> read(Path file) throws IOException {
    try {
      boolean ours = Files.size(file) <= LARGEST_BYTES;
      return ours && Json.parse(Files.readString(file)) instanceof Json.Obj report
          ? Optional.of(report)
          : Optional.empty();
    } catch (JsonException foreign) {
      return Optional.empty();
    }
  }

  /**
   * What the errors of a run come to.
   *
   * @throws IOException if they cannot be read
   */
  public Summary summary(String runId) throws IOException {
    List<Json.Obj> all = list(runId);
    Map<String, Integer> byClass = new TreeMap<>();
    Map<String, Integer> byComponent = new TreeMap<>();
    for (Json.Obj report : all) {
      String kind = text(report, "error_class");
      byClass.merge(kind.isEmpty() ? text(report, "error_type") : kind, 1, Integer::sum);
      byComponent.merge(text(report, "component"), 1, Integer::sum);
    }
    return new Summary(
        runId,
        all.size(),
        byClass,
        byComponent,
        all.isEmpty() ? "" : text(all.getFirst(), "timestamp"),
        all.isEmpty() ? "" : text(all.getLast(), "timestamp"));
  }

  private static String text(Json.Obj report, String name) {
    return report.get(name).orElse(new Json.Null()) instanceof Json.Str text ? text.value() : "";
  }

  private Path directory(String run) {
    return root.resolve(run).resolve("errors");
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted(Comparator.comparing(ErrorReports::age))
          .toList();
    }
  }

  /** The second, then the sequence. */
  private static String age(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, Math.min(15, name.length()))
        + name.substring(name.lastIndexOf('_') + 1);
  }

  /** A part of a file's name that leads nowhere else. */
  private static String safe(String text) {
    String plain = Redaction.text(text).replaceAll("[^A-Za-z0-9.-]+", "-").replaceAll("^[.-]+", "");
    String bounded = plain.length() <= LONGEST_NAME ? plain : plain.substring(0, LONGEST_NAME);
    return bounded.isEmpty() ? "none" : bounded;
  }
}
