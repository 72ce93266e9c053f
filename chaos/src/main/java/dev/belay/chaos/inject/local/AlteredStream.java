package dev.belay.chaos.inject.local;

import dev.belay.Time;
import dev.belay.chaos.inject.Doings.BodyFaults;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** The body of an answer, slower, shorter or changed. For one thread. */
final class AlteredStream extends OutputStream {
  private final OutputStream out;
  private final BodyFaults faults;
  private final Time time;
  private long taken;
  private boolean cut;

  AlteredStream(OutputStream out, BodyFaults faults, Time time) {
    this.out = out;
    this.faults = faults;
    this.time = time;
  }

  /** Whether all came that may come. */
  boolean isCut() {
    return cut;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (cut) {
      return;
    }
    long left = faults.cutAfter() - taken;
    byte[] piece = Arrays.copyOfRange(bytes, from, from + (int) Math.min(length, left));
    faults.corrupt(piece, taken);
    taken += piece.length;
    for (int at = 0; at < piece.length; ) {
      int size = faults.slice(piece.length - at);
      out.write(piece, at, size);
      at += size;
      if (faults.isSlow()) {
        out.flush();
        pause(size);
      }
    }
    if (taken >= faults.cutAfter()) {
      cut = true;
      out.flush();
    }
  }

  private void pause(int size) throws InterruptedIOException {
    try {
      time.sleep(TimeUnit.MILLISECONDS.toNanos(faults.pauseMs(size)));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server ends");
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    if (!cut) {
      out.close();
    }
  }
}
