package dev.belay.flow.worktree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** What git said. */
final class GitOutput {
  private final int exit;
  private final byte[] bytes;
  private final String errors;

  GitOutput(int exit, byte[] bytes, String errors) {
    this.exit = exit;
    this.bytes = bytes;
    this.errors = errors;
  }

  int exit() {
    return exit;
  }

  byte[] bytes() {
    return bytes;
  }

  String errors() {
    return errors;
  }

  /** Without the line end. */
  String text() {
    return new String(bytes, UTF_8).stripTrailing();
  }

  /** What {@code -z} separates, each byte as one character, so that any name survives. */
  List<String> fields() {
    return List.of(new String(bytes, ISO_8859_1).split("\0", -1));
  }

  /** A field as people read it. */
  static String readable(String field) {
    return new String(field.getBytes(ISO_8859_1), UTF_8);
  }
}
