package dev.belay.chaos.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Check;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.WireException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers sessions in a directory: for each one a directory with {@code session.json}, written
 * once, and {@code journal.jsonl}, which only grows. Each line is on the disk before it counts. A
 * line that a crash has cut is not read, and taken away before the next one is written. Several
 * processes may share a directory: {@code owner.lock} says who works at what.
 */
public final class FileSessionStore implements SessionStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileSessionStore.class);
  private static final Pattern ID = Pattern.compile("[0-9a-zA-Z-]{1,64}");
  private static final String SPEC = "session.json";
  private static final String JOURNAL = "journal.jsonl";

  private final Path directory;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Claims claims = new Claims();

  @GuardedBy("lock")
  private final Map<String, RandomAccessFile> journals = new HashMap<>();

  /**
   * A store in a directory, which is made if it is not there.
   *
   * @throws UncheckedIOException if it cannot be made
   */
  public FileSessionStore(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "cannot make the directory of sessions %s: %s".formatted(directory, failed.getMessage()),
          failed);
    }
  }

  private Path of(String id) {
    Check.that(ID.matcher(id).matches(), "id of a session must match %s", ID);
    return directory.resolve(id);
  }

  @Override
  public void create(String id, SessionSpec spec, Instant at) {
    Path home = of(id);
    lock.lock();
    try {
      Check.that(!Files.exists(home.resolve(SPEC)), "session %s is there already", id);
      Files.createDirectories(home);
      Check.that(claim(id, home), "session %s is another's", id);
      Path draft = home.resolve(SPEC + ".tmp");
      writeWhole(draft, Json.pretty(SpecTree.write(spec, at)));
      Files.move(draft, home.resolve(SPEC), StandardCopyOption.ATOMIC_MOVE);
      force(home);
      force(directory);
    } catch (IOException failed) {
      throw cannotWrite(home, failed);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean claim(String id) {
    Path home = of(id);
    lock.lock();
    try {
      return claim(id, home);
    } catch (IOException failed) {
      throw cannotWrite(home, failed);
    } finally {
      lock.unlock();
    }
  }

  /** An interruption would close the file, and with it give the lock away. */
  @GuardedBy("lock")
  private boolean claim(String id, Path home) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      return claims.take(id, home);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void writeWhole(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      write(channel, text);
    }
  }

  private static void write(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(false);
  }

  /** The name of a new file is safe only when its directory is. */
  private static void force(Path directory) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException late) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static UncheckedIOException cannotWrite(Path file, IOException failed) {
    return new UncheckedIOException(
        "cannot write %s: %s; make room or choose another directory for sessions"
            .formatted(file, failed.getMessage()),
        failed);
  }

  @Override
  public void append(String id, Entry entry) {
    Path home = of(id);
    String line = Json.write(EntryTree.write(entry)) + "\n";
    lock.lock();
    try {
      RandomAccessFile journal = journal(id, home);
      long before = journal.length();
      try {
        journal.seek(before);
        journal.write(line.getBytes(StandardCharsets.UTF_8));
        journal.getFD().sync();
      } catch (IOException failed) {
        journal.setLength(before); // half a line would spoil the next one
        throw failed;
      }
    } catch (IOException failed) {
      throw cannotWrite(home.resolve(JOURNAL), failed);
    } finally {
      lock.unlock();
    }
  }

  /** Not a channel, which an interruption of its writer would close. */
  @GuardedBy("lock")
  private RandomAccessFile journal(String id, Path home) throws IOException {
    @Nullable RandomAccessFile open = journals.get(id);
    if (open != null) {
      return open;
    }
    Check.that(Files.exists(home.resolve(SPEC)), "session %s is not there", id);
    boolean isNew = !Files.exists(home.resolve(JOURNAL));
    if (!claim(id, home)) {
      throw new IOException("another process works at this session");
    }
    RandomAccessFile journal = new RandomAccessFile(home.resolve(JOURNAL).toFile(), "rw");
    journal.setLength(endOfLines(journal));
    if (isNew) {
      force(home);
    }
    journals.put(id, journal);
    return journal;
  }

  /** Behind the last whole line. */
  private static long endOfLines(RandomAccessFile journal) throws IOException {
    long end = journal.length();
    while (end > 0) {
      journal.seek(end - 1);
      if (journal.read() == '\n') {
        return end;
      }
      end--;
    }
    return 0;
  }

  @Override
  public List<String> ids() {
    try (Stream<Path> homes = Files.list(directory)) {
      return homes
          .map(home -> home.getFileName().toString())
          .filter(ID.asMatchPredicate())
          .sorted()
          .toList();
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot read " + directory, failed);
    }
  }

  /** Takes no lock, so that nobody waits with his writing: what is there stays as it is. */
  @Override
  public Optional<Saved> load(String id) {
    return read(of(id));
  }

  @Override
  public List<Entry> entries(String id, int from) {
    Path home = of(id);
    try {
      return entries(home, from);
    } catch (IOException | WireException broken) {
      LOG.warn("session {} cannot be read any further: {}", id, broken.getMessage());
      return List.of();
    }
  }

  private static Optional<Saved> read(Path home) {
    String id = home.getFileName().toString();
    try {
      if (!Files.exists(home.resolve(SPEC))) {
        return Optional.empty(); // a crash came before it was taken
      }
      SpecTree.Taken taken = SpecTree.read(Json.read(Files.readString(home.resolve(SPEC))));
      return Optional.of(new Saved(id, taken.spec(), taken.created(), entries(home, 0)));
    } catch (IOException | WireException broken) {
      LOG.warn("session {} cannot be read and is left out: {}", id, broken.getMessage());
      return Optional.empty();
    }
  }

  private static List<Entry> entries(Path home, int from) throws IOException {
    Path file = home.resolve(JOURNAL);
    List<Entry> entries = new ArrayList<>();
    if (!Files.exists(file)) {
      return entries;
    }
    byte[] bytes = Files.readAllBytes(file);
    int begin = 0;
    int number = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        if (number++ >= from) {
          String line = new String(bytes, begin, i - begin, StandardCharsets.UTF_8);
          entries.add(EntryTree.read(Json.read(line)));
        }
        begin = i + 1;
      }
    }
    return entries;
  }

  @Override
  public void release(String id) {
    lock.lock();
    try {
      letGo(id);
    } catch (IOException failed) { // all lines are on the disk already
      LOG.warn("session {} cannot be given back: {}", id, failed.getMessage());
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void letGo(String id) throws IOException {
    @Nullable RandomAccessFile journal = journals.remove(id);
    if (journal != null) {
      journal.close();
    }
    claims.give(id);
  }

  @Override
  public void remove(String id) {
    Path home = of(id);
    lock.lock();
    try {
      letGo(id);
      for (String name : List.of(SPEC, SPEC + ".tmp", JOURNAL, Claims.FILE)) {
        Files.deleteIfExists(home.resolve(name)); // the first makes it no session any more
      }
      Files.deleteIfExists(home);
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot remove " + home, failed);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      for (RandomAccessFile journal : journals.values()) {
        journal.close();
      }
      journals.clear();
      claims.close();
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot close the journals of sessions", failed);
    } finally {
      lock.unlock();
    }
  }
}
