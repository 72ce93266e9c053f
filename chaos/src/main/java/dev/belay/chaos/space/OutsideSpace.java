package dev.belay.chaos.space;

import java.io.Serial;

/** A point that is none of the space; the message names the dimension or the constraint. */
public final class OutsideSpace extends SpaceException {
  @Serial private static final long serialVersionUID = 1;

  OutsideSpace(String message) {
    super(Part.DIMENSIONS, message);
  }
}
