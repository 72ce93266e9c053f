package dev.belay.flow.run;

import dev.belay.flow.Plan;
import dev.belay.flow.Role;
import dev.belay.flow.Task;
import dev.belay.flow.parity.BackoffV4;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may do the tasks of a run, how many at once, and how often each is tried. Safe for any number
 * of threads.
 */
final class Means {
  private final String room;
  private final Plan plan;
  private final Parts parts;
  private final Map<String, List<AgentEndpoint>> endpoints = new ConcurrentHashMap<>();

  /** Opens the room of the run among the slots; {@link #close} gives it back. */
  Means(String run, Plan plan, Parts parts) {
    this.room = "run:" + run;
    this.plan = plan;
    this.parts = parts;
    parts.slots().limit(room, plan.limits().concurrency());
  }

  Course course(Task task) {
    return plan.parity()
        .<Course>map(rules ->
            new ParityCourse(
                new BackoffV4(rules, parts.time(), parts.random()),
                endpoint -> parts.parity().of(endpoint, rules)))
        .orElseGet(() ->
            new MachineCourse(
                task.retry().orElse(plan.retry()), parts.patience(), parts.time(), parts.random()));
  }

  /** Those who can fill a role, the best first. */
  List<AgentEndpoint> endpoints(Role role) {
    return endpoints.computeIfAbsent(
        role.name(),
        name ->
            role.backends().stream()
                .map(backend -> parts.fleet().of(plan.backend(backend)))
                .toList());
  }

  Slots.Slot takeSlot(AgentEndpoint endpoint, int priority) throws InterruptedException {
    return parts.slots().take(room, endpoint.room(), priority);
  }

  void succeeded(AgentEndpoint endpoint) {
    parts.slots().grow(endpoint.room());
  }

  void close() {
    parts.slots().remove(room);
  }
}
