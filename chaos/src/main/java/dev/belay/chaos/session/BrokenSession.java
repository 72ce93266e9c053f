package dev.belay.chaos.session;

import java.io.Serial;

/** A session cannot go on, for the reason that its message gives. */
final class BrokenSession extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  BrokenSession(String why) {
    super(why);
  }
}
