package dev.belay.chaos.trace.read;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The fields of one protobuf message, one after the other. Whoever reads it asks for {@link #next},
 * and then for the value in the one way that fits the tag, or skips it. For one thread.
 *
 * <p>The encoding is that of protobuf.dev/programming-guides/encoding; groups are none of version 3
 * and are refused.
 */
final class Fields {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private static final int LONGEST_VARINT = 70;

  private final byte[] bytes;
  private final int end;
  private int at;
  private int tag;

  Fields(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private Fields(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** The tag of a field: its number and how it is written. */
  static int tag(int number, int type) {
    return (number << 3) | type;
  }

  /** Goes to the next field, if there is one. */
  boolean next() throws UnreadableSpans {
    if (at == end) {
      return false;
    }
    long read = varint();
    if (read < 1 << 3 || read > 0xffff_ffffL) {
      throw wrong("a tag of " + Long.toUnsignedString(read));
    }
    tag = (int) read;
    return true;
  }

  /** The tag of the field. */
  int tag() {
    return tag;
  }

  /** The value of a number of any length. */
  long varint() throws UnreadableSpans {
    long value = 0;
    for (int shift = 0; shift < LONGEST_VARINT; shift += 7) {
      if (at == end) {
        throw wrong("a number that does not end");
      }
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw wrong("a number of more than ten bytes");
  }

  /** The value of a number of eight bytes. */
  long fixed64() throws UnreadableSpans {
    int from = step(Long.BYTES);
    long value = 0;
    for (int i = Long.BYTES - 1; i >= 0; i--) {
      value = (value << 8) | (bytes[from + i] & 0xff);
    }
    return value;
  }

  /** The value of a message, without a copy. */
  Fields message() throws UnreadableSpans {
    int from = stepOverBytes();
    return new Fields(bytes, from, at);
  }

  /** The value of a text; what is not UTF-8 in it is replaced. */
  String text() throws UnreadableSpans {
    int from = stepOverBytes();
    return new String(bytes, from, at - from, StandardCharsets.UTF_8);
  }

  /** The value of bytes, as hexadecimal digits. */
  String hex() throws UnreadableSpans {
    int from = stepOverBytes();
    return HexFormat.of().formatHex(bytes, from, at);
  }

  /** Passes over the value. */
  void skip() throws UnreadableSpans {
    switch (tag & 7) {
      case VARINT -> varint();
      case FIXED64 -> step(Long.BYTES);
      case BYTES -> stepOverBytes();
      case FIXED32 -> step(Integer.BYTES);
      default -> throw wrong("a field of type " + (tag & 7));
    }
  }

  private int stepOverBytes() throws UnreadableSpans {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw wrong("a length of " + Long.toUnsignedString(length));
    }
    return step((int) length);
  }

  private int step(int length) throws UnreadableSpans {
    if (length > end - at) {
      throw wrong("fewer than %d bytes".formatted(length));
    }
    int from = at;
    at += length;
    return from;
  }

  private UnreadableSpans wrong(String what) {
    return UnreadableSpans.wrong("no protobuf: %s at byte %d".formatted(what, at));
  }
}
