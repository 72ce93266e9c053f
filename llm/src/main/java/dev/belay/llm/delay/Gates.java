package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Time;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The gates of all providers, accounts and models. Safe for any number of threads. */
public final class Gates {
  private static final int MOST = 1_000;

  private final GateRules rules;
  private final Time time;
  private final Executor executor;
  private final Map<GateKey, Gate> gates = new ConcurrentHashMap<>();

  /**
   * No gate yet.
   *
   * @param executor completes the stages of those who waited; must not run what it is given on the
   *     calling thread unless time is virtual
   */
  public Gates(GateRules rules, Time time, Executor executor) {
    this.rules = requireNonNull(rules, "rules");
    this.time = requireNonNull(time, "time");
    this.executor = requireNonNull(executor, "executor");
  }

  /** The gate of a key; made open when it is asked for first. */
  public Gate gate(GateKey key) {
    Gate gate = gates.get(key);
    if (gate != null) {
      return gate;
    }
    if (gates.size() >= MOST) {
      gates.values().removeIf(Gate::isIdle);
    }
    return gates.computeIfAbsent(key, name -> new Gate(name, rules, time, executor));
  }

  /** How all of them stand, in no order. */
  public List<Gate.State> states() {
    return gates.values().stream().map(Gate::state).toList();
  }
}
