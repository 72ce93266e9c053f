package dev.belay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Short names for long texts: the same for the same text, on any machine. */
public final class Sha256 {
  private Sha256() {}

  /** The 32 bytes of the SHA-256 of a text in UTF-8. */
  public static byte[] of(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException("every Java has SHA-256", never);
    }
  }

  /**
   * The beginning of it, two hexadecimal digits for each byte.
   *
   * @param bytes how many; 1 to 32
   */
  public static String hex(String text, int bytes) {
    Check.that(bytes >= 1 && bytes <= 32, "bytes must be 1 to 32, was %d", bytes);
    return HexFormat.of().formatHex(of(text), 0, bytes);
  }
}
