package dev.belay.llm.mcp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.llm.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What attempts had come to when a provider failed them between two rounds, so that the next
 * attempt at the same request does not run the same tools again. Bounded: the oldest is forgotten.
 * Safe for any number of threads.
 */
final class Unfinished {
  private static final int MOST = 200;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, State> states = new LinkedHashMap<>();

  /**
   * How far a request has come.
   *
   * @param rounds of tools that were run
   * @param said what they have added to the conversation
   * @param servers whose tools were run here, and have to be again
   */
  record State(int rounds, List<Message> said, Set<String> servers) {
    static final State NEW = new State(0, List.of(), Set.of());

    State {
      said = List.copyOf(said);
      servers = Set.copyOf(servers);
    }
  }

  /** Takes it out; a new one if there is none, or no key to find it by. */
  State take(String key) {
    lock.lock();
    try {
      State state = states.remove(key);
      return state == null ? State.NEW : state;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps it for the next attempt with the same key; an empty key keeps nothing. */
  void keep(String key, State state) {
    if (key.isEmpty() || state.rounds == 0) {
      return;
    }
    lock.lock();
    try {
      if (states.size() >= MOST) {
        states.remove(states.keySet().iterator().next());
      }
      states.put(key, state);
    } finally {
      lock.unlock();
    }
  }
}
