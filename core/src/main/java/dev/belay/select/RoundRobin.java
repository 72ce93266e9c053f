package dev.belay.select;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One after another. While the candidates stay the same, no endpoint is ever more than one choice
 * ahead of another; when they change, the round goes on at the same count. Safe for any number of
 * threads.
 */
public final class RoundRobin implements Selection {
  private final AtomicLong choices = new AtomicLong();

  /** Starts with the first candidate. */
  public RoundRobin() {}

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    return candidates.get((int) (choices.getAndIncrement() % candidates.size()));
  }
}
