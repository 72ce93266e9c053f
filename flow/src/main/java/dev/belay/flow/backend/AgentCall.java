package dev.belay.flow.backend;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one attempt is to do. Immutable.
 *
 * @param prompt what is asked, of any length
 * @param directory in which the agent works; exists
 * @param model which model is to do it; the backend's own choice if empty
 * @param system standing instructions; empty for none
 * @param tools names of tools that the agent may use; the backend's own choice if empty
 * @param session a conversation that may already exist, to be carried on; a new one if empty
 * @param timeout how long it may take in all
 * @param idleTimeout how long it may give no sign of life
 * @param maxCost US dollars after which a backend that can is to stop; no limit if empty
 * @param environment added to the environment of a program; says which run and task it is
 */
public record AgentCall(
    String prompt,
    Path directory,
    Optional<String> model,
    Optional<String> system,
    List<String> tools,
    Optional<String> session,
    Duration timeout,
    Duration idleTimeout,
    Optional<Double> maxCost,
    Map<String, String> environment) {

  /** Rejects times that are not above 0; keeps copies. */
  public AgentCall {
    requireNonNull(prompt, "prompt");
    requireNonNull(directory, "directory");
    requireNonNull(model, "model");
    requireNonNull(system, "system");
    tools = List.copyOf(tools);
    requireNonNull(session, "session");
    if (!timeout.isPositive() || !idleTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "timeout and idle_timeout must be above 0, were %s and %s"
              .formatted(timeout, idleTimeout));
    }
    requireNonNull(maxCost, "maxCost");
    environment = Map.copyOf(environment);
  }
}
