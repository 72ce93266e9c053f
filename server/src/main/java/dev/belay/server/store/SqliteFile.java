package dev.belay.server.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A file of SQLite's. The folder, if it is made here, and the file are their owner's only. */
record SqliteFile(Path path) implements Place {
  private static final int BUSY_MILLIS = 5_000;

  static SqliteFile of(String url) {
    return new SqliteFile(Path.of(url.substring("sqlite:".length())));
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public void prepare() throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(folder, only(path, "rwx------"));
    }
    if (Files.isDirectory(path)) {
      throw new StoreRefused("%s is a folder; store.url must name a file".formatted(path));
    }
    createForOwner(path);
  }

  private static void createForOwner(Path file) throws IOException {
    try {
      Files.createFile(file, only(file, "rw-------"));
    } catch (FileAlreadyExistsException there) {
      if (isPosix(file)) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  private static FileAttribute<?>[] only(Path file, String rights) {
    return isPosix(file)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  @Override
  public DataSource connections() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // one write a minute can afford to wait for the disk: then it survives a loss of power, too
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + path.toAbsolutePath());
    return source;
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public String asksForTable() {
    return "select count(*) > 0 from sqlite_master where type = 'table' and name = ?";
  }

  @Override
  public String remedy() {
    return "move it away or put a copy back, and start again";
  }

  @Override
  public Claim claim(String instance) throws IOException {
    Path file = path.resolveSibling(path.getFileName() + "." + instance + ".lock");
    createForOwner(file);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = tryLock(channel);
      if (lock == null) {
        throw new StoreRefused(
            "%s is in use by another belay%s; stop that one, or give this one another store.url or"
                    .formatted(path, holder(file))
                + " store.instance");
      }
      String pid = Long.toString(ProcessHandle.current().pid());
      channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      return new Locked(path, keyOf(path), channel, lock);
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  /** What tells a file from another one at the same path. */
  private static @Nullable Object keyOf(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException withinThisProcess) {
      return null;
    }
  }

  private static String holder(Path lock) throws IOException {
    String pid = Files.readString(lock, StandardCharsets.US_ASCII).strip();
    return pid.matches("\\d{1,10}") ? " (process %s)".formatted(pid) : "";
  }

  /** A lock of the operating system, which goes with the process however that ends. */
  private record Locked(Path path, @Nullable Object key, FileChannel channel, FileLock lock)
      implements Claim {

    /** Also false if the file was deleted or replaced: what is written then is lost. */
    @Override
    public boolean isHeld() {
      try {
        return lock.isValid() && Objects.equals(keyOf(path), key);
      } catch (IOException gone) {
        return false;
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException alreadyGone) {
        // and the lock with it
      }
    }
  }
}
