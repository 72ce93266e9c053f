package dev.belay.chaos.session;

import dev.belay.chaos.trace.ServiceMap;
import java.util.List;
import java.util.Optional;

/** Knows the systems that can be tried. Safe for any number of threads. */
@FunctionalInterface
public interface Experiments {
  /**
   * What a session is to work with. Does nothing to the system yet.
   *
   * @param session the id of the session, which owns its faults
   * @param spec what it is to do
   * @throws IllegalArgumentException if the service is not known or the space is wrong; a {@link
   *     dev.belay.chaos.wire.WireException} where the place in the space is known
   */
  Experiment open(String session, SessionSpec spec);

  /**
   * The services that a session can be of, in the order in which they are shown; none if unknown.
   */
  default List<String> services() {
    return List.of();
  }

  /**
   * Who calls whom in a system, as far as that is known before it is asked; none if it is not.
   *
   * @throws dev.belay.chaos.wire.WireException if what should tell it cannot be read
   */
  default Optional<ServiceMap> map(String service) {
    return Optional.empty();
  }

  /** Why no session could put a fault in force now; empty if one could, as far as is known. */
  default Optional<String> unavailable() {
    return Optional.empty();
  }
}
