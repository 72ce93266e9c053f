package dev.belay.chaos.trace.read;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Packed bytes. */
final class Gzip {
  private static final int FIRST = 0x1f;
  private static final int SECOND = 0x8b;

  private Gzip() {}

  /** Whether bytes begin as packed ones do. */
  static boolean isPacked(byte[] bytes) {
    return bytes.length > 1 && (bytes[0] & 0xff) == FIRST && (bytes[1] & 0xff) == SECOND;
  }

  /** Unpacks, and stops as soon as there is more than {@code most}. */
  static byte[] unpacked(byte[] bytes, int most) throws UnreadableSpans {
    try (GZIPInputStream packed = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] unpacked = packed.readNBytes(most);
      if (unpacked.length == most && packed.read() >= 0) {
        throw UnreadableSpans.large("more than %d bytes after unpacking".formatted(most));
      }
      return unpacked;
    } catch (IOException broken) {
      throw UnreadableSpans.wrong("not readable as gzip: " + broken.getMessage());
    }
  }
}
