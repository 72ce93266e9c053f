package dev.belay.chaos.trace;

import dev.belay.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which services there are, what they can be asked, and who calls whom: of traces, or as another
 * tool has it.
 *
 * @param timestamp when it was made
 * @param services by name, at most {@link #MOST_SERVICES}
 * @param topology who calls whom, sorted, no pair twice, at most {@link #MOST_LINKS}
 * @param metadata how it was made
 */
public record ServiceMap(
    Instant timestamp, Map<String, Service> services, List<Link> topology, Metadata metadata) {
  /** So many services at the most. */
  public static final int MOST_SERVICES = 500;

  /** So many pairs of services that call each other at the most. */
  public static final int MOST_LINKS = 5_000;

  public ServiceMap {
    services = Collections.unmodifiableMap(new TreeMap<>(services));
    topology =
        topology.stream()
            .sorted(Comparator.comparing(Link::source).thenComparing(Link::target))
            .toList();
    Check.that(
        services.size() <= MOST_SERVICES,
        "services must be at most %d, were %d",
        MOST_SERVICES,
        services.size());
    Check.that(
        topology.size() <= MOST_LINKS,
        "topology must be at most %d, was %d",
        MOST_LINKS,
        topology.size());
    Set<List<String>> pairs = new HashSet<>();
    for (Link link : topology) {
      Check.that(
          services.containsKey(link.source()),
          "source of a call must be one of the services, was %s",
          link.source());
      Check.that(
          services.containsKey(link.target()),
          "target of a call must be one of the services, was %s",
          link.target());
      Check.that(
          pairs.add(List.of(link.source(), link.target())),
          "calls from %s to %s must be there once, were twice",
          link.source(),
          link.target());
    }
  }

  /**
   * A service.
   *
   * @param name its name
   * @param namespace the namespace it is in; empty if it is not known
   * @param apis what it can be asked, as far as it is known
   * @param source from where it is known, such as {@code traces}
   */
  public record Service(String name, String namespace, List<Api> apis, String source) {
    public Service {
      Check.that(!name.isBlank(), "name of a service must not be blank");
      apis = List.copyOf(apis);
    }
  }

  /**
   * Something that a service can be asked.
   *
   * @param method in capitals; empty if it is not known
   * @param path the path, its beginning, or an expression for it
   * @param match which of them it is
   * @param template the path with a pair of braces for what differs from request to request
   */
  public record Api(String method, String path, PathMatch match, String template) {}

  /** How the path of an API is meant. */
  public enum PathMatch {
    /** The path as it is. */
    EXACT,
    /** The beginning of the path. */
    PREFIX,
    /** A regular expression for the whole path. */
    REGEX
  }

  /**
   * Calls of one service to another.
   *
   * @param source who calls
   * @param target who is called
   * @param calls how many calls were seen; at least 0
   */
  public record Link(String source, String target, long calls) {
    public Link {
      Check.that(calls >= 0, "call count must be >= 0, was %d", calls);
    }
  }

  /**
   * How a map was made.
   *
   * @param every how often it is made again; zero if it is not
   * @param lookback of what time its calls are; zero if that is not known
   * @param stale whether it is known to be out of date
   * @param errors what could not be found out
   */
  public record Metadata(Duration every, Duration lookback, boolean stale, List<String> errors) {
    public Metadata {
      errors = List.copyOf(errors);
    }
  }

  /**
   * What traces show; what called a system from outside is not on it.
   *
   * @param traces such as those of the healthy system
   * @param now when it is made
   */
  public static ServiceMap of(List<Trace> traces, Instant now) {
    return new Surveyor(traces).map(now);
  }
}
