package dev.belay.chaos.session;

import java.io.Serial;

/** As many sessions are at work as there may be. */
public final class BusyException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  BusyException(int most) {
    super("%d sessions are at work already; wait for one of them, or stop it".formatted(most));
  }
}
