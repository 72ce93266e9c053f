package dev.belay.testkit;

import static java.util.Objects.requireNonNull;

import dev.belay.testkit.FaultyProxy.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a proxy has seen and done. Safe for any number of threads. */
final class Tally {
  private static final int MAX_USERS = 10_000;

  private final Journal<ProxyRequest> requests = new Journal<>();
  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
  private final Set<String> users = ConcurrentHashMap.newKeySet();
  private final LongAdder up = new LongAdder();
  private final LongAdder down = new LongAdder();

  Tally() {
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
  }

  Journal<ProxyRequest> requests() {
    return requests;
  }

  void received(ProxyRequest request) {
    user(request.user());
    requests.add(request, request.host().length());
  }

  void user(String user) {
    if (!user.isEmpty() && users.size() < MAX_USERS) {
      users.add(user);
    }
  }

  Set<String> users() {
    return Set.copyOf(users);
  }

  void count(Outcome outcome) {
    adder(outcome).increment();
  }

  long of(Outcome outcome) {
    return adder(outcome).sum();
  }

  private LongAdder adder(Outcome outcome) {
    return requireNonNull(outcomes.get(outcome)); // all are there since the start
  }

  void up(long bytes) {
    up.add(bytes);
  }

  void down(long bytes) {
    down.add(bytes);
  }

  long bytesUp() {
    return up.sum();
  }

  long bytesDown() {
    return down.sum();
  }

  void clear() {
    requests.clear();
    outcomes.values().forEach(LongAdder::reset);
    users.clear();
    up.reset();
    down.reset();
  }
}
