package dev.belay.testkit;

import java.io.ByteArrayOutputStream;

/** Keeps the first bytes of a body and counts the rest. For one thread. */
final class Capture implements WireReader.Sink {
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
  private final int most;
  private long length;

  Capture(int most) {
    this.most = most;
  }

  @Override
  public void accept(byte[] bytes, int from, int count) {
    kept.write(bytes, from, Math.min(count, most - kept.size()));
    length += count;
  }

  byte[] kept() {
    return kept.toByteArray();
  }

  long length() {
    return length;
  }
}
