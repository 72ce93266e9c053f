package dev.belay.server.api;

import dev.belay.Time;
import dev.belay.chaos.session.Sessions;
import dev.belay.server.live.FaultControl;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether faults can be put in force. One answer for two kinds of clients: those of a fault
 * executor look for {@code healthy}, those of a search for whether it has an executor.
 */
final class FaultHealth {
  private final FaultControl control;
  private final Sessions sessions;
  private final Time time;

  FaultHealth(FaultControl control, Sessions sessions, Time time) {
    this.control = control;
    this.sessions = sessions;
    this.time = time;
  }

  void addTo(Routes routes) {
    routes.get("/v1/health", this::answer);
  }

  private Reply answer(Ask ask) {
    Optional<String> reason = sessions.unavailable();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("agents", control.agents().all().size());
    details.put("in_force", control.policies().snapshot().policies().size());
    details.put("halted", control.policies().snapshot().halted());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("status", reason.isEmpty() ? "healthy" : "unavailable");
    tree.put("timestamp", time.instant().toString());
    tree.put("executor_available", reason.isEmpty());
    reason.ifPresent(why -> tree.put("reason", why));
    tree.put("details", details);
    return FaultAnswers.json(reason.isEmpty() ? 200 : 503, tree);
  }
}
