package dev.belay.chaos.inject;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The data planes that have asked for rules: when they were last seen, and which rules they apply.
 * Those that were not seen for an hour are forgotten. Safe for any number of threads.
 */
public final class Agents {
  private static final int MOST = 1_000;
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Agent> agents = new TreeMap<>();

  /** Nobody yet. */
  public Agents(Time time) {
    this.time = time;
  }

  /**
   * A data plane.
   *
   * @param id the name that it gives itself
   * @param services those that it stands in front of
   * @param appliedVersion the rules that it applies; -1 if it has told of none
   * @param lastSeen when it was last heard of
   */
  public record Agent(String id, List<String> services, long appliedVersion, Instant lastSeen) {
    public Agent {
      services = List.copyOf(services);
    }
  }

  /** A data plane tells what it applies. Of too many, the one that was silent longest goes. */
  public void seen(String id, List<String> services, long appliedVersion) {
    lock.lock();
    try {
      agents.put(id, new Agent(id, services, appliedVersion, time.instant()));
      if (agents.size() > MOST) {
        agents.values().stream()
            .min(Comparator.comparing(Agent::lastSeen))
            .ifPresent(oldest -> agents.remove(oldest.id()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** All that are known, by name. */
  public List<Agent> all() {
    return within(REMEMBERED);
  }

  /** Those that were seen within a while, by name. */
  public List<Agent> within(Duration length) {
    Instant since = time.instant().minus(length);
    lock.lock();
    try {
      agents
          .values()
          .removeIf(agent -> agent.lastSeen().isBefore(time.instant().minus(REMEMBERED)));
      return agents.values().stream().filter(agent -> !agent.lastSeen().isBefore(since)).toList();
    } finally {
      lock.unlock();
    }
  }
}
