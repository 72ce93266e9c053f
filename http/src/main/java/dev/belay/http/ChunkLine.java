package dev.belay.http;

import io.netty.buffer.ByteBuf;

/** The line before a chunk: hexadecimal digits, then extensions that nobody reads. */
final class ChunkLine {
  private ChunkLine() {}

  /** The size that the line up to {@code lf} says, at most an int; -1 if it is not right. */
  static long size(ByteBuf in, int start, int lf) {
    int end = lf - 1;
    if (end <= start || in.getByte(end) != '\r') {
      return -1;
    }
    long size = 0;
    int at = start;
    for (; at < end && in.getByte(at) != ';'; at++) {
      int digit = Character.digit(in.getByte(at), 16);
      size = size * 16 + digit;
      if (digit < 0 || size > Integer.MAX_VALUE) {
        return -1;
      }
    }
    boolean digits = at > start;
    for (; at < end; at++) {
      if (HeadCheck.isControl(in.getByte(at))) {
        return -1;
      }
    }
    return digits ? size : -1;
  }
}
