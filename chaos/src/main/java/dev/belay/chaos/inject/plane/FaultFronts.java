package dev.belay.chaos.inject.plane;

import dev.belay.Time;
import dev.belay.chaos.inject.LiveRules;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/**
 * A data plane at work: ports in front of services, and the line over which it hears which faults
 * are in force. In a server or in a process of its own. Safe for any number of threads.
 */
public final class FaultFronts implements AutoCloseable {
  private final ControlLink link;
  private final FaultPlane plane;

  private FaultFronts(ControlLink link, FaultPlane plane) {
    this.link = link;
    this.plane = plane;
  }

  /**
   * Opens all ports, whether or not the control plane is there; if one is taken, none stays open.
   *
   * @param lease after how long a silence of the control plane no fault strikes any more
   * @throws IOException that names the port and says why
   */
  public static FaultFronts open(
      PlaneSettings settings, ControlAddress control, Duration lease, Time time)
      throws IOException, InterruptedException {
    LiveRules rules = new LiveRules(time, new SecureRandom(), lease);
    ControlLink link = ControlLink.start(settings, control, rules, time);
    try {
      return new FaultFronts(link, FaultPlane.start(settings, rules, link::send, time));
    } catch (IOException | InterruptedException | RuntimeException failure) {
      link.close();
      throw failure;
    }
  }

  /** The ports that are open, in the order of the fronts. */
  public List<Integer> ports() {
    return plane.ports();
  }

  /** Closes all ports and connections. */
  @Override
  public void close() {
    plane.close();
    link.close();
  }
}
