package dev.belay.flow.run;

import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.backend.Backend;

/** A backend with the breaker that all tasks share. */
final class AgentEndpoint extends Endpoint {
  private final Backend backend;
  private final BackendSettings settings;

  AgentEndpoint(Backend backend, BackendSettings settings, CircuitBreaker breaker) {
    super(settings.name(), Traits.NONE, breaker);
    this.backend = backend;
    this.settings = settings;
  }

  Backend backend() {
    return backend;
  }

  String account() {
    return settings.account();
  }

  String room() {
    return Fleet.room(settings);
  }

  boolean isAgent() {
    return !settings.type().equals("command");
  }
}
