package dev.belay.proxy.source;

import java.io.Serial;

/** A list that was not taken at all; the message says why and quotes nothing of it. */
public final class ListRefused extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  ListRefused(String message) {
    super(message, null, false, false);
  }
}
