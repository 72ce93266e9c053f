package dev.belay.chaos.trace.read;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Writes protobuf for tests. */
final class Proto {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Proto varint(int number, long value) {
    raw((long) number << 3);
    raw(value);
    return this;
  }

  Proto fixed64(int number, long value) {
    raw(((long) number << 3) | 1);
    for (int i = 0; i < 8; i++) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  Proto fixed32(int number, int value) {
    raw(((long) number << 3) | 5);
    for (int i = 0; i < 4; i++) {
      out.write(value >>> (8 * i));
    }
    return this;
  }

  Proto bytes(int number, byte[] value) {
    raw(((long) number << 3) | 2);
    raw(value.length);
    out.writeBytes(value);
    return this;
  }

  Proto text(int number, String value) {
    return bytes(number, value.getBytes(StandardCharsets.UTF_8));
  }

  Proto hex(int number, String value) {
    return bytes(number, HexFormat.of().parseHex(value));
  }

  Proto message(int number, Proto value) {
    return bytes(number, value.bytes());
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  private void raw(long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      out.write((int) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }
}
