package dev.belay.chaos.space;

import java.io.Serial;

/**
 * No point was found that keeps to the constraints; the message names the one that stood in the
 * way.
 */
public final class NoFeasiblePoint extends SpaceException {
  @Serial private static final long serialVersionUID = 1;

  NoFeasiblePoint(Part part, String message) {
    super(part, message);
  }
}
