package dev.belay.http;

import io.netty.buffer.ByteBuf;

/** Asks a proxy for a tunnel: bytes in, bytes out, no I/O of its own. For one thread, used once. */
interface Handshake {

  /** What to send first. */
  byte[] opening();

  /** Whether the proxy has been told the target: from then on it may be waiting for that. */
  default boolean hasAsked() {
    return true;
  }

  /**
   * Goes on with what has arrived, and takes from {@code in} exactly what belongs to the handshake.
   *
   * @throws DialException if the proxy refuses or talks nonsense
   */
  Step read(ByteBuf in);

  /** What comes next. */
  sealed interface Step {
    /** Bytes are missing. */
    record More() implements Step {}

    /** These go to the proxy; then there may be more to read at once. */
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    record Send(byte[] bytes) implements Step {}

    /** The tunnel is open: what is left belongs to it. */
    record Open() implements Step {}
  }

  /** Bytes are missing. */
  Step MORE = new Step.More();

  /** The tunnel is open. */
  Step OPEN = new Step.Open();
}
