package dev.belay.flow.backend;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Calls of agents, and what is heard of them. */
final class Agents {
  static final Duration GRACE = Duration.ofMillis(400);
  static final Duration LONG = Duration.ofSeconds(20);

  private Agents() {}

  /** What a listener has heard. */
  static final class Heard implements AgentListener {
    final List<String> sessions = new CopyOnWriteArrayList<>();
    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void session(String id) {
      sessions.add(id);
    }

    @Override
    public void line(String line) {
      lines.add(line);
    }
  }

  static BackendSettings.Builder settings(String type, Path program) {
    return BackendSettings.of("one", type).command(List.of(program.toString())).grace(GRACE);
  }

  static Backend backend(String type, Path program) {
    return Backends.create(settings(type, program).build(), Map.of(), Time.system());
  }

  static AgentCall call(Path directory, String prompt) {
    return new AgentCall(
        prompt,
        directory,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        LONG,
        LONG,
        Optional.empty(),
        Map.of("BELAY_RUN", "run-1", "BELAY_TASK", "task-1"));
  }

  static AgentCall carryingOn(AgentCall call, String session) {
    return new AgentCall(
        call.prompt(),
        call.directory(),
        call.model(),
        call.system(),
        call.tools(),
        Optional.of(session),
        call.timeout(),
        call.idleTimeout(),
        call.maxCost(),
        call.environment());
  }

  static AgentCall within(AgentCall call, Duration timeout, Duration idle) {
    return new AgentCall(
        call.prompt(),
        call.directory(),
        call.model(),
        call.system(),
        call.tools(),
        call.session(),
        timeout,
        idle,
        call.maxCost(),
        call.environment());
  }

  /** With all that a call can ask for. */
  static AgentCall full(Path directory) {
    return new AgentCall(
        "do it",
        directory,
        Optional.of("large"),
        Optional.of("be brief"),
        List.of("Read", "Bash(git log:*)"),
        Optional.empty(),
        LONG,
        LONG,
        Optional.of(0.5),
        Map.of());
  }

  static AgentException failure(Backend backend, AgentCall call) {
    return catchThrowableOfType(AgentException.class, () -> backend.send(call, AgentListener.NONE));
  }
}
