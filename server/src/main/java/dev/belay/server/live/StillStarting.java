package dev.belay.server.live;

import java.io.Serial;

/** The server answers already, but what is asked for has not begun yet; a moment later it has. */
public final class StillStarting extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Says what has not begun. */
  public StillStarting(String message) {
    super(message);
  }
}
