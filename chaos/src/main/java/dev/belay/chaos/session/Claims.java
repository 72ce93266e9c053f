package dev.belay.chaos.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that this process works at, each with a lock on a file that the system takes back
 * when the process ends, however it ends. For one thread at a time.
 */
final class Claims {
  /** The name of the file, in the directory of its session. */
  static final String FILE = "owner.lock";

  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  private final Map<String, FileChannel> ours = new HashMap<>();

  /** Of files that somebody else in this process has locked: closing one gives his lock away. */
  private final List<FileChannel> others = new ArrayList<>();

  Claims() {}

  boolean has(String id) {
    return ours.containsKey(id);
  }

  /** Takes a session, if nobody else has it. */
  boolean take(String id, Path home) throws IOException {
    if (has(id)) {
      return true;
    }
    FileChannel channel =
        FileChannel.open(home.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      @Nullable FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        return false;
      }
    } catch (OverlappingFileLockException here) {
      others.add(channel);
      return false;
    } catch (IOException unknown) {
      LOG.warn(
          "{} cannot be locked ({}): two servers must not share this directory",
          home,
          unknown.getMessage());
    }
    ours.put(id, channel);
    return true;
  }

  /** Gives a session back. */
  void give(String id) throws IOException {
    @Nullable FileChannel channel = ours.remove(id);
    if (channel != null) {
      channel.close();
    }
  }

  /** Gives all of them back. */
  void close() {
    try {
      for (FileChannel channel : ours.values()) {
        channel.close();
      }
      for (FileChannel channel : others) {
        channel.close();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot give sessions back", failed);
    } finally {
      ours.clear();
      others.clear();
    }
  }
}
