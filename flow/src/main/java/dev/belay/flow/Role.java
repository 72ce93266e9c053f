package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.util.List;
import java.util.Optional;

/**
 * Somebody to give tasks to. Immutable.
 *
 * @param name by which tasks and workflows call it
 * @param backends names of those that can fill it, the best first; at least one
 * @param model that is to be used; the backend's own choice if empty
 * @param system standing instructions; empty for none
 * @param tools that it may use; the backend's own choice if empty
 */
public record Role(
    String name,
    List<String> backends,
    Optional<String> model,
    Optional<String> system,
    List<String> tools) {

  /** Rejects a role that nobody fills. */
  public Role {
    Names.check("role", name);
    backends = List.copyOf(backends);
    Check.that(!backends.isEmpty(), "role %s must have at least one backend", name);
    requireNonNull(model, "model");
    requireNonNull(system, "system");
    tools = List.copyOf(tools);
  }

  /** One that is filled by these, with nothing else said. */
  public static Role of(String name, String... backends) {
    return new Role(name, List.of(backends), Optional.empty(), Optional.empty(), List.of());
  }
}
