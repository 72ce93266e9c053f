package dev.belay.bench.limits;

import dev.belay.Time;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.plane.ControlAddress;
import dev.belay.chaos.inject.plane.ControlLink;
import dev.belay.chaos.inject.plane.FaultPlane;
import dev.belay.chaos.inject.plane.Front;
import dev.belay.chaos.inject.plane.PlaneSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Ten data planes, each with a line of its own to the server, in front of one service. */
final class Fronts implements AutoCloseable {
  static final int COUNT = 10;
  private static final Duration LEASE = Duration.ofSeconds(15);

  private final List<ControlLink> links = new ArrayList<>();
  private final List<FaultPlane> planes = new ArrayList<>();

  /** Opens them all; {@code service-0} to {@code service-9}. */
  Fronts(String control, int upstream) throws IOException, InterruptedException {
    Time time = Time.system();
    for (int i = 0; i < COUNT; i++) {
      LiveRules rules = new LiveRules(time, new Random(i), LEASE);
      PlaneSettings settings =
          PlaneSettings.of("plane-" + i, List.of(Front.of("service-" + i, upstream)));
      ControlLink link =
          ControlLink.start(
              settings, new ControlAddress(URI.create(control), Optional.empty()), rules, time);
      links.add(link);
      planes.add(FaultPlane.start(settings, rules, link::send, time));
    }
  }

  int port(int plane) {
    return planes.get(plane).ports().getFirst();
  }

  @Override
  public void close() {
    planes.forEach(FaultPlane::close);
    links.forEach(ControlLink::close);
  }
}
