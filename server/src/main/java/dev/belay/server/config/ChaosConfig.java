package dev.belay.server.config;

import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.guard.GuardSettings;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.http.HttpAsk;
import dev.belay.chaos.http.HttpCheck;
import dev.belay.chaos.inject.client.Patience;
import dev.belay.chaos.inject.plane.Front;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.session.Sessions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code chaos} says: which systems may be searched for the faults that break them, how, and
 * within which bounds. Immutable. Its text shows no token.
 *
 * @param executor who puts faults in force
 * @param tracesPort where systems send their spans; none if nobody listens for them
 * @param storage where sessions are remembered, how many there may be, and for how long
 * @param scores how bad things are
 * @param bounds what may be touched, and when to stop
 * @param services the systems, by the name of the service that is asked
 * @param fronts the calls that go through this server, and which faults may strike
 */
public record ChaosConfig(
    Executor executor,
    OptionalInt tracesPort,
    Storage storage,
    AnalyzerSettings scores,
    GuardedTarget.Bounds bounds,
    Map<String, Service> services,
    List<Front> fronts) {

  /** No systems. */
  public static final ChaosConfig DEFAULT =
      new ChaosConfig(
          new Executor(Optional.empty(), "", Duration.ofSeconds(15), Manner.DEFAULT),
          OptionalInt.empty(),
          new Storage(
              Path.of(".belay", "sessions"), Sessions.Settings.DEFAULT, OptionalInt.empty()),
          AnalyzerSettings.DESIGN,
          new GuardedTarget.Bounds(BlastRadius.DEFAULT, GuardSettings.DEFAULT),
          Map.of(),
          List.of());

  public ChaosConfig {
    services = Map.copyOf(services);
    fronts = List.copyOf(fronts);
  }

  /**
   * Who puts faults in force.
   *
   * @param url its address; this server itself if none is given
   * @param token what it asks for; empty for nothing
   * @param lease how long faults of sessions stay in force without a sign of life of the session,
   *     and those of a data plane without one of the control plane; 3 s to 1 h
   * @param manner how it is used
   */
  public record Executor(Optional<URI> url, String token, Duration lease, Manner manner) {
    @Override
    public String toString() {
      return "Executor[url=" + url + ", lease=" + lease + ", " + manner + "]";
    }
  }

  /**
   * How an executor is used.
   *
   * @param everybody whether faults strike all requests, and not only those of the session, which
   *     published executors cannot tell apart
   * @param settle how long to wait until faults are in force everywhere, for executors that do not
   *     say so; 0 to 5 min
   * @param patience how long it is waited for, and how often it is asked again
   */
  public record Manner(boolean everybody, Duration settle, Patience patience) {
    /** Requests of the session, no wait, as is usual. */
    public static final Manner DEFAULT = new Manner(false, Duration.ZERO, Patience.DEFAULT);
  }

  /**
   * Where sessions are remembered.
   *
   * @param folder made when it is needed
   * @param limits how many, and for how long
   * @param initialPoints how many points that no model chooses a space is begun with where its
   *     document does not say it, 1 to 1,000; what helps most from the first trial on if that is
   *     not given
   */
  public record Storage(Path folder, Sessions.Settings limits, OptionalInt initialPoints) {}

  /**
   * A system.
   *
   * @param ask what it is asked in each trial
   * @param healthyRuns how often it is asked without a fault first; 1 to 1,000
   * @param invariants what must hold after each trial
   * @param probes what must hold all the time, else the trial is broken off
   * @param traces a file or a directory of traces, whose calls are searched as long as the system
   *     itself shows none
   */
  public record Service(
      HttpAsk ask,
      int healthyRuns,
      List<Question> invariants,
      List<Question> probes,
      Optional<Path> traces) {
    public Service {
      invariants = List.copyOf(invariants);
      probes = List.copyOf(probes);
    }
  }

  /**
   * A question whose answer is known.
   *
   * @param name its name
   * @param ask the question
   * @param expected the answer
   */
  public record Question(String name, HttpAsk ask, HttpCheck.Expected expected) {}
}
