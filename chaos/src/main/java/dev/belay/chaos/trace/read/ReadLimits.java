package dev.belay.chaos.trace.read;

import dev.belay.Check;

/**
 * How much is read at once.
 *
 * @param bytes the most of one document, after unpacking; at least 1
 * @param spans the most of one document; at least 1
 */
public record ReadLimits(int bytes, int spans) {
  /** 16 MiB and 50,000 spans. */
  public static final ReadLimits DEFAULT = new ReadLimits(16 << 20, 50_000);

  public ReadLimits {
    Check.that(bytes >= 1, "bytes must be >= 1, was %d", bytes);
    Check.that(spans >= 1, "spans must be >= 1, was %d", spans);
  }
}
