package dev.belay.flow.backend;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/** The end of what a program says on its standard error. Safe for any number of threads. */
final class Tail {
  private static final int KEPT = 16 << 10;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final StringBuilder end = new StringBuilder();

  /** Reads all of it, or the program would stand still. */
  void read(InputStream from, Runnable sign) {
    try (Reader reader = new InputStreamReader(from, StandardCharsets.UTF_8)) {
      char[] piece = new char[KEPT];
      for (int count = reader.read(piece); count >= 0; count = reader.read(piece)) {
        sign.run();
        keep(piece, count);
      }
    } catch (IOException gone) {
      // what was heard so far will do
    }
  }

  private void keep(char[] piece, int count) {
    lock.lock();
    try {
      end.append(piece, 0, count);
      end.delete(0, Math.max(0, end.length() - KEPT));
    } finally {
      lock.unlock();
    }
  }

  String text() {
    lock.lock();
    try {
      return end.toString();
    } finally {
      lock.unlock();
    }
  }
}
