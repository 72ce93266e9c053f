package dev.belay.chaos.space;

import java.io.Serial;

/** A space that cannot be used. */
public abstract sealed class SpaceException extends RuntimeException
    permits InvalidSpace, NoFeasiblePoint, OutsideSpace {
  @Serial private static final long serialVersionUID = 1;

  SpaceException(String message) {
    super(message);
  }
}
