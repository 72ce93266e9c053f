package dev.belay.proxy;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves out proxies that asked to be left alone for a while, and those that a target is known not
 * to like, unless no other is left.
 */
final class Avoiding implements Selection {
  private final Selection inner;
  private final Evidence evidence;

  Avoiding(Selection inner, Evidence evidence) {
    this.inner = inner;
    this.evidence = evidence;
  }

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    boolean known = !call.target().isEmpty() && evidence.hasSeenFail(call.target());
    if (!known && !evidence.hasResting()) {
      return inner.select(candidates, call);
    }
    // a copy only where something is known
    List<E> liked = new ArrayList<>(candidates);
    liked.removeIf(
        endpoint -> evidence.isResting(endpoint) || evidence.avoids(call.target(), endpoint));
    return inner.select(liked.isEmpty() ? candidates : liked, call);
  }
}
