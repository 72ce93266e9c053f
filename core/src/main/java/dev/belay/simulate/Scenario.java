package dev.belay.simulate;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A world and how calls are made in it. Immutable.
 *
 * @param name in reports
 * @param story what happens, for people
 * @param endpoints 1 to 10,000
 * @param load the calls
 * @param rules how they are made
 */
public record Scenario(
    String name, String story, List<ScriptedEndpoint> endpoints, Load load, Rules rules) {
  private static final int MOST_ENDPOINTS = 10_000;

  /** Keeps a copy; rejects endpoints of the same name. */
  public Scenario {
    requireNonNull(name, "name");
    requireNonNull(story, "story");
    requireNonNull(load, "load");
    requireNonNull(rules, "rules");
    endpoints = List.copyOf(endpoints);
    Check.that(
        !endpoints.isEmpty() && endpoints.size() <= MOST_ENDPOINTS,
        "endpoints must be 1 to 10000, were %d",
        endpoints.size());
    Set<String> names = new HashSet<>();
    for (ScriptedEndpoint endpoint : endpoints) {
      Check.that(
          names.add(endpoint.name()),
          "endpoint names must differ, '%s' is there twice",
          endpoint.name());
    }
  }

  /** The same world under other rules. */
  public Scenario withRules(Rules rules) {
    return new Scenario(name, story, endpoints, load, rules);
  }

  /** The same world under another load. */
  public Scenario withLoad(Load load) {
    return new Scenario(name, story, endpoints, load, rules);
  }
}
