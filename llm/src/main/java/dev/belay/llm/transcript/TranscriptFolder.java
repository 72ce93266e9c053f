package dev.belay.llm.transcript;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where transcripts lie: a folder for each day of UTC. Safe for any number of threads. */
final class TranscriptFolder {
  private static final DateTimeFormatter DAY = form("uuuuMMdd");
  private static final DateTimeFormatter TIME = form("HHmmss");
  private static final Pattern OUR_DAY = Pattern.compile("[0-9]{8}");
  private static final Pattern OURS =
      Pattern.compile("[0-9]{6}_[0-9a-f]{16}(?:-[0-9]{1,3})?\\.jsonl");
  private static final int MOST_NAMES = 100;
  private static final int UNKNOWN = -1;

  private final Path root;
  private final int mostFiles;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private int count = UNKNOWN;

  TranscriptFolder(Path root, int mostFiles) {
    this.root = root;
    this.mostFiles = mostFiles;
  }

  private static DateTimeFormatter form(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  /** A new file with this in it; the oldest ones go if there are too many. */
  Path create(Instant at, String id, byte[] content) throws IOException {
    Path day = root.resolve(DAY.format(at));
    Files.createDirectories(day);
    String name = TIME.format(at) + "_" + id;
    Path file = written(day, name, content);
    retain();
    return file;
  }

  /** Under a name that nobody has used: another process may draw the same numbers. */
  private static Path written(Path day, String name, byte[] content) throws IOException {
    for (int i = 0; ; i++) {
      Path file = day.resolve(name + (i == 0 ? "" : "-" + i) + ".jsonl");
      try {
        return Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } catch (FileAlreadyExistsException taken) {
        if (i == MOST_NAMES) {
          throw taken;
        }
      }
    }
  }

  /** To the end of a file that is there still; one that was deleted does not come back. */
  static void append(Path file, byte[] content) throws IOException {
    Files.write(file, content, StandardOpenOption.APPEND);
  }

  private void retain() throws IOException {
    lock.lock();
    try {
      count = count == UNKNOWN ? all().size() : count + 1;
      if (count > mostFiles) {
        List<Path> all = all();
        // a tenth at once, so that not every call has to look at all of them
        int kept = Math.max(1, mostFiles - mostFiles / 10);
        for (Path old : all.subList(0, Math.max(0, all.size() - kept))) {
          Files.deleteIfExists(old);
          deleteIfEmpty(old.resolveSibling(""));
        }
        count = Math.min(all.size(), kept);
      }
    } finally {
      lock.unlock();
    }
  }

  private static void deleteIfEmpty(Path day) throws IOException {
    try {
      Files.deleteIfExists(day);
    } catch (DirectoryNotEmptyException others) {
      // it stays for them
    }
  }

  /** Oldest first; files of others are none of ours. */
  private List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path day : matching(root, OUR_DAY)) {
      all.addAll(matching(day, OURS));
    }
    return all;
  }

  private static List<Path> matching(Path folder, Pattern name) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> name.matcher(String.valueOf(file.getFileName())).matches())
          .sorted()
          .toList();
    }
  }
}
