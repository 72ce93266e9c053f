package dev.belay.testkit.chaos;

import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A fault executor as it was published: a control plane at {@link #uri}, and data planes in front
 * of services, which ask it every 30 s what they shall do. It has the limits that the published one
 * has, each of which can be left out. Its clock moves only when told to. Safe for any number of
 * threads.
 *
 * <pre>{@code
 * try (PublishedExecutor executor = PublishedExecutor.start();
 *     PublishedPlane plane = executor.plane("pricing", service.uri())) {
 *   client.post(executor.uri("/v1/policies"), policy);
 *   executor.pass(Duration.ofSeconds(31));
 *   client.get(plane.uri());                    // is struck
 * }
 * }</pre>
 */
public final class PublishedExecutor implements AutoCloseable {
  private static final long STEP_MILLIS = 100;
  private static final long SEED = 20_251_113L;

  private final Set<Limit> limits;
  private final PolicyDesk desk;
  private final FaultyOrigin control;
  private final List<PublishedPlane> planes = new CopyOnWriteArrayList<>();
  private final Moment clock = new Moment();

  private PublishedExecutor(Set<Limit> limits) {
    this.limits = limits;
    this.desk = new PolicyDesk(limits, clock, new Random(SEED));
    this.control = FaultyOrigin.start(Script.answering(desk::answer));
  }

  /** Starts one with all limits. */
  public static PublishedExecutor start() {
    return new PublishedExecutor(EnumSet.allOf(Limit.class));
  }

  /** Starts one with these limits only. */
  public static PublishedExecutor start(Set<Limit> limits) {
    return new PublishedExecutor(Set.copyOf(limits));
  }

  /** Starts one that lacks a limit. */
  public static PublishedExecutor without(Limit limit) {
    return new PublishedExecutor(EnumSet.complementOf(EnumSet.of(limit)));
  }

  /** Where its control plane answers. */
  public URI uri() {
    return control.uri();
  }

  /** The same with a path. */
  public URI uri(String path) {
    return control.uri(path);
  }

  /** The control plane's server, which knows all requests and can be killed. */
  public FaultyOrigin control() {
    return control;
  }

  /** Puts a data plane in front of a service. Its first poll comes after a second. */
  public PublishedPlane plane(String service, URI upstream) {
    PublishedPlane plane =
        new PublishedPlane(
            new PublishedPlane.Place(service, upstream),
            limits,
            clock,
            new Random(SEED + planes.size()),
            control.uri("/v1/policies"));
    planes.add(plane);
    return plane;
  }

  /** Lets its time pass: policies end and data planes poll on the way. */
  public void pass(Duration length) {
    long end = clock.millis() + length.toMillis();
    while (clock.millis() < end) {
      clock.advance(Math.min(STEP_MILLIS, end - clock.millis()));
      desk.tick();
      planes.forEach(PublishedPlane::tick);
    }
  }

  /** Ends its process and starts it again with what its storage holds. */
  public void restart() {
    control.kill();
    desk.restart();
    control.restart();
  }

  /** Applies a policy as the command line does. */
  public Reply applyByCommandLine(Map<String, Object> policy) {
    return desk.applyByCommandLine(policy);
  }

  /**
   * The names of the policies that its control plane holds, in the order in which it tells them.
   */
  public List<String> policies() {
    return new ArrayList<>(desk.names());
  }

  /** Ends it for good, its data planes too. Further calls do nothing. */
  @Override
  public void close() {
    planes.forEach(PublishedPlane::close);
    control.close();
  }
}
