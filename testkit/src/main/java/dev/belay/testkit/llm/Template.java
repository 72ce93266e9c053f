package dev.belay.testkit.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Bytes that are sent over and over, each time with another number in its places. Immutable. */
final class Template {
  private static final byte[] PLACE = Voice.ID.getBytes(UTF_8);
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(UTF_8);

  private final byte[] bytes;
  private final int[] places;

  Template(byte[] bytes) {
    this.bytes = bytes;
    this.places = IntStream.range(0, bytes.length).filter(at -> isPlace(bytes, at)).toArray();
  }

  private static boolean isPlace(byte[] bytes, int at) {
    int end = at + PLACE.length;
    return bytes[at] == PLACE[0]
        && end <= bytes.length
        && Arrays.equals(bytes, at, end, PLACE, 0, PLACE.length);
  }

  byte[] with(long number) {
    if (places.length == 0) {
      return bytes;
    }
    byte[] filled = bytes.clone();
    for (int place : places) {
      long left = number;
      for (int at = place + PLACE.length - 1; at >= place; at--) {
        filled[at] = DIGITS[(int) (left & 15)];
        left >>>= 4;
      }
    }
    return filled;
  }
}
