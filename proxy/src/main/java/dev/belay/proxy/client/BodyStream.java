package dev.belay.proxy.client;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read while it comes in, and comes in no faster than it is read. One thread reads;
 * the event loop fills; the lock guards what they share.
 */
final class BodyStream extends InputStream implements Inlet.Sink {
  private static final int HIGH_BYTES = 256 * 1024;
  private static final int LOW_BYTES = 64 * 1024;

  private final Inlet inlet;
  private final Executor loop;
  private final Runnable onBroken;
  private final Runnable onOver;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> pieces = new ArrayDeque<>();
  private int position;
  private int queued;
  private boolean paused;
  private boolean ended;
  private boolean closed;
  private @Nullable String failure;

  /** Both are run on the loop: one if the body breaks off, the other when nothing more comes. */
  BodyStream(Inlet inlet, Executor loop, Runnable onBroken, Runnable onOver) {
    this.inlet = inlet;
    this.loop = loop;
    this.onBroken = onBroken;
    this.onOver = onOver;
  }

  /** To be called on the loop. */
  void start() {
    inlet.into(this);
  }

  @Override
  public void bytes(Buffer bytes) {
    lock.lock();
    try {
      if (!closed && bytes.length() > 0) {
        pieces.add(bytes.getBytes());
        queued += bytes.length();
        if (queued >= HIGH_BYTES && !paused) {
          paused = true;
          inlet.pause();
        }
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void whole() {
    finish(null);
  }

  @Override
  public void broken(String why) {
    finish(why);
    onBroken.run();
  }

  /** Ends it because the request may take no longer; what is here already can still be read. */
  void expire() {
    inlet.abandon();
    finish("the time of the request was over before its body was here");
  }

  private void finish(@Nullable String why) {
    lock.lock();
    try {
      ended = true;
      failure = why;
      changed.signal();
    } finally {
      lock.unlock();
    }
    onOver.run();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      awaitBytes();
      byte[] piece = pieces.peek();
      if (piece == null) {
        return -1;
      }
      int count = Math.min(length, piece.length - position);
      System.arraycopy(piece, position, into, offset, count);
      took(piece, count);
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** To be called with the lock held; returns when there is a piece, or will never be one. */
  private void awaitBytes() throws IOException {
    while (pieces.isEmpty() && !ended && !closed) {
      try {
        changed.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        closed = true;
        loop.execute(this::abandon);
        throw new InterruptedIOException("interrupted while the body was read");
      }
    }
    if (closed) {
      throw new IOException("the response was closed");
    }
    if (pieces.isEmpty() && failure != null) {
      throw new IOException(failure);
    }
  }

  private void took(byte[] piece, int count) {
    position += count;
    queued -= count;
    if (position == piece.length) {
      pieces.remove();
      position = 0;
    }
    if (paused && queued <= LOW_BYTES) {
      paused = false;
      loop.execute(inlet::resume);
    }
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return queued;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      pieces.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    loop.execute(this::abandon);
  }

  private void abandon() {
    inlet.abandon();
    onOver.run();
  }
}
