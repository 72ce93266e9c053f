package dev.belay.simulate;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.Endpoint;
import java.time.Duration;
import java.util.List;

/**
 * An endpoint that exists only in a simulation. Immutable.
 *
 * @param name differs from those of the others
 * @param traits region, cost and whatever else selection may choose by
 * @param latency how long an answer takes, good or bad
 * @param phases what it does, one after the other; works if there are none
 * @param repeats whether it begins again with the first phase; otherwise the last one goes on
 * @param capacity attempts that it can work on in a second, above 0; fewer while it is slow. More
 *     have to queue, and it does not notice that a caller has given up; what would queue for more
 *     than 5 s is answered with 503. {@link #UNBOUNDED} for no limit
 */
public record ScriptedEndpoint(
    String name,
    Endpoint.Traits traits,
    Latency latency,
    List<Phase> phases,
    boolean repeats,
    double capacity) {

  /** No limit to what it can work on. */
  public static final double UNBOUNDED = Double.POSITIVE_INFINITY;

  private static final int MOST_PHASES = 10_000;

  /** Keeps a copy of the phases. */
  public ScriptedEndpoint {
    requireNonNull(traits, "traits");
    requireNonNull(latency, "latency");
    phases = List.copyOf(phases);
    Check.that(!name.isBlank(), "an endpoint needs a name");
    Check.that(phases.size() <= MOST_PHASES, "at most 10000 phases, there were %d", phases.size());
    Check.that(capacity > 0, "capacity must be above 0, was %s", capacity);
  }

  /** One that works: about 50 ms for an answer, with the tail that networks have. */
  public static ScriptedEndpoint of(String name) {
    Latency latency = new Latency.LogNormal(Duration.ofMillis(50), 0.4);
    return new ScriptedEndpoint(name, Endpoint.Traits.NONE, latency, List.of(), false, UNBOUNDED);
  }

  /** The same with these traits. */
  public ScriptedEndpoint withTraits(Endpoint.Traits traits) {
    return new ScriptedEndpoint(name, traits, latency, phases, repeats, capacity);
  }

  /** The same at another pace. */
  public ScriptedEndpoint withLatency(Latency latency) {
    return new ScriptedEndpoint(name, traits, latency, phases, repeats, capacity);
  }

  /** The same, doing one thing all the time. */
  public ScriptedEndpoint always(Behaviour behaviour) {
    return withPhases(new Phase(Latency.LONGEST, behaviour));
  }

  /** The same, going through these and staying in the last. */
  public ScriptedEndpoint withPhases(Phase... phases) {
    return new ScriptedEndpoint(name, traits, latency, List.of(phases), false, capacity);
  }

  /** The same, going through these over and over. */
  public ScriptedEndpoint repeating(Phase... phases) {
    return new ScriptedEndpoint(name, traits, latency, List.of(phases), true, capacity);
  }

  /** The same with a limit to what it can work on. */
  public ScriptedEndpoint withCapacity(double perSecond) {
    return new ScriptedEndpoint(name, traits, latency, phases, repeats, perSecond);
  }

  /** What it does at a moment, in nanoseconds since the start. */
  Behaviour at(long nanos) {
    if (phases.isEmpty()) {
      return Behaviour.works();
    }
    long whole = 0;
    for (Phase phase : phases) {
      whole += phase.length().toNanos();
    }
    long left = repeats ? nanos % whole : nanos;
    for (Phase phase : phases) {
      left -= phase.length().toNanos();
      if (left < 0) {
        return phase.behaviour();
      }
    }
    return phases.getLast().behaviour();
  }
}
