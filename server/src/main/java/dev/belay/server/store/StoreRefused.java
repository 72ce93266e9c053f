package dev.belay.server.store;

import java.io.IOException;

/**
 * A store that must not be used as it is: somebody has to do something about it first. The message
 * is one line that says what, and shows no password.
 */
public final class StoreRefused extends IOException {
  private static final long serialVersionUID = 1;

  /** One with what to do about it. */
  public StoreRefused(String message) {
    super(message);
  }
}
