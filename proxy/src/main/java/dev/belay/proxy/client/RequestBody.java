package dev.belay.proxy.client;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a request carries, before it is sent. */
sealed interface RequestBody {
  /** Nothing. */
  record None() implements RequestBody {}

  /** Bytes that nobody changes. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bytes(byte[] content) implements RequestBody {}

  /** A file. */
  record File(Path path) implements RequestBody {}

  /**
   * A stream that can be read once.
   *
   * @param taken whether somebody reads it already
   */
  record Stream(InputStream content, AtomicBoolean taken) implements RequestBody {}
}
