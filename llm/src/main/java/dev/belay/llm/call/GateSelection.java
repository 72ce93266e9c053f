package dev.belay.llm.call;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import dev.belay.llm.delay.Gate;
import dev.belay.llm.provider.LlmEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Takes the first whose gate is open; if all are closed, the one that opens first. */
record GateSelection(Function<LlmEndpoint, Gate> gates) implements Selection {

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    E best = candidates.getFirst();
    Duration least = closedFor(best);
    for (E candidate : candidates) {
      if (least.isZero()) {
        break;
      }
      Duration other = closedFor(candidate);
      if (other.compareTo(least) < 0) {
        best = candidate;
        least = other;
      }
    }
    return best;
  }

  private Duration closedFor(Endpoint candidate) {
    return candidate instanceof LlmEndpoint endpoint
        ? gates.apply(endpoint).closedFor()
        : Duration.ZERO;
  }
}
