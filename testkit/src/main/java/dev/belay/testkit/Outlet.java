package dev.belay.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** The way towards a proxy's client: counts, slows down and cuts. For one thread. */
final class Outlet implements WireReader.Sink {
  private static final int SLICES_PER_SECOND = 20;
  private static final Duration SLICE = Duration.ofSeconds(1).dividedBy(SLICES_PER_SECOND);

  private final Connection connection;
  private final OutputStream out;
  private final Forwarding how;
  private final Tally tally;
  private long left;

  Outlet(Connection connection, Forwarding how, Tally tally) {
    this.connection = connection;
    this.out = connection.out();
    this.how = how;
    this.tally = tally;
    this.left = how.cutAfter;
  }

  @Override
  public void accept(byte[] bytes, int from, int count) throws IOException {
    int most = (int) Math.min(count, left);
    tally.down(most);
    if (how.bytesPerSecond == Long.MAX_VALUE) {
      out.write(bytes, from, most);
    } else {
      trickle(bytes, from, most);
    }
    left -= most;
    cutIfSpent();
  }

  /** Cuts once the limit is reached, rather than with the byte after it, which may never come. */
  void cutIfSpent() throws IOException {
    if (left > 0) {
      return;
    }
    tally.count(FaultyProxy.Outcome.DROPPED);
    if (how.resets) {
      connection.reset();
    } else {
      connection.close();
    }
    throw new IOException("dropped as scripted");
  }

  private void trickle(byte[] bytes, int from, int count) throws IOException {
    long slice = Math.max(1, how.bytesPerSecond / SLICES_PER_SECOND);
    Duration wait =
        how.bytesPerSecond >= SLICES_PER_SECOND
            ? SLICE
            : Duration.ofNanos(1_000_000_000L / how.bytesPerSecond);
    for (int done = 0; done < count; ) {
      int size = (int) Math.min(slice, count - done);
      out.write(bytes, from + done, size);
      done += size;
      connection.pause(wait.multipliedBy(size).dividedBy(slice));
    }
  }
}
