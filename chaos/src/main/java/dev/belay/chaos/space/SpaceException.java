package dev.belay.chaos.space;

import java.io.Serial;

/** A space that cannot be used. */
public abstract sealed class SpaceException extends RuntimeException
    permits InvalidSpace, NoFeasiblePoint, OutsideSpace {
  @Serial private static final long serialVersionUID = 1;

  private final transient Part part;

  SpaceException(Part part, String message) {
    super(message);
    this.part = part;
  }

  /** What is wrong with it. */
  Part part() {
    return part;
  }
}
