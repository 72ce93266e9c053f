package dev.belay.proxy;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import java.util.ArrayList;
import java.util.List;

/** Leaves out proxies that a target is known not to like, unless no other is left. */
final class AvoidingPairs implements Selection {
  private final Selection inner;
  private final Evidence evidence;

  AvoidingPairs(Selection inner, Evidence evidence) {
    this.inner = inner;
    this.evidence = evidence;
  }

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    if (call.target().isEmpty() || !evidence.hasSeenFail(call.target())) {
      return inner.select(candidates, call);
    }
    // a copy only for targets that something is known of
    List<E> liked = new ArrayList<>(candidates);
    liked.removeIf(endpoint -> evidence.avoids(call.target(), endpoint));
    return inner.select(liked.isEmpty() ? candidates : liked, call);
  }
}
