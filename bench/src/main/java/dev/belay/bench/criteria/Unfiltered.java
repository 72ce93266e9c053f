package dev.belay.bench.criteria;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * The baseline of SC-005: any proxy of the pool, each as likely as the next, even one that has just
 * failed in the same request. The pool leaves those out, so the whole list is remembered from the
 * first attempts, for which it leaves out none while breakers are held closed.
 */
final class Unfiltered implements Selection {
  private final RandomGenerator random;
  private final AtomicReference<List<? extends Endpoint>> widest = new AtomicReference<>(List.of());

  Unfiltered(RandomGenerator random) {
    this.random = random;
  }

  @Override
  @SuppressWarnings("unchecked") // all lists come from one pool, which has one kind of endpoint
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    List<E> all =
        (List<E>)
            widest.updateAndGet(known -> known.size() >= candidates.size() ? known : candidates);
    return all.get(random.nextInt(all.size()));
  }
}
