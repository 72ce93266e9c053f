package dev.belay.chaos.space;

import java.io.Serial;

/** A space, or a part of one, that contradicts itself; the message names the part. */
public final class InvalidSpace extends SpaceException {
  @Serial private static final long serialVersionUID = 1;

  InvalidSpace(String message) {
    this(Part.DIMENSIONS, message);
  }

  InvalidSpace(Part part, String message) {
    super(part, message);
  }
}
