package dev.belay.flow.run;

import dev.belay.Time;
import dev.belay.flow.ParityRules;
import dev.belay.flow.parity.GobreakerV1;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The breakers of backends under {@link ParityRules}: one for each backend and each rules. */
final class ParityBreakers {
  private record Key(AgentEndpoint endpoint, ParityRules rules) {}

  private final Map<Key, GobreakerV1> breakers = new ConcurrentHashMap<>();
  private final Time time;

  ParityBreakers(Time time) {
    this.time = time;
  }

  GobreakerV1 of(AgentEndpoint endpoint, ParityRules rules) {
    return breakers.computeIfAbsent(
        new Key(endpoint, rules), key -> new GobreakerV1(rules, time, (from, to) -> {}));
  }
}
