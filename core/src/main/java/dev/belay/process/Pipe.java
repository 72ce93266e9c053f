package dev.belay.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a program writes, read by a thread of its own. Closing the pipe of a process does not wake
 * who reads from it while something else holds its other end; closing this does, and so does an
 * interrupt. For one reader, closed by anyone.
 */
final class Pipe extends InputStream {
  private static final int PIECE = 64 << 10;
  private static final byte[] NOTHING = {};

  private final InputStream from;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private byte[] piece = NOTHING;

  @GuardedBy("lock")
  private int at;

  @GuardedBy("lock")
  private int end;

  @GuardedBy("lock")
  private boolean over;

  private Pipe(InputStream from) {
    this.from = from;
  }

  /** Starts to read. */
  static Pipe from(InputStream from) {
    Pipe pipe = new Pipe(from);
    // not a virtual one: reading from a process would hold one of the few threads below those
    Thread.ofPlatform().daemon().name("belay-pipe").start(pipe::pump);
    return pipe;
  }

  private void pump() {
    try (from) {
      byte[] next = new byte[PIECE];
      byte[] other = new byte[PIECE];
      for (int count = from.read(next); count >= 0 && give(next, count); count = from.read(next)) {
        byte[] given = next;
        next = other;
        other = given;
      }
    } catch (IOException gone) {
      // as at its end
    } finally {
      close();
    }
  }

  /** Hands over a piece once the one before was taken; false if nobody wants more. */
  private boolean give(byte[] bytes, int count) {
    lock.lock();
    try {
      while (at < end && !over) {
        changed.awaitUninterruptibly();
      }
      if (over) {
        return false;
      }
      piece = bytes;
      at = 0;
      end = count;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException given) {
      throw interrupted();
    }
    try {
      while (at == end && !over) {
        changed.await();
      }
      int count = Math.min(length, end - at);
      if (count == 0) {
        return -1;
      }
      System.arraycopy(piece, at, bytes, offset, count);
      at += count;
      changed.signalAll();
      return count;
    } catch (InterruptedException given) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while a program was read");
  }

  /** How much can be read without waiting. */
  @Override
  public int available() {
    lock.lock();
    try {
      return end - at;
    } finally {
      lock.unlock();
    }
  }

  /** What was taken from the program can still be read; nothing is taken any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
