package dev.belay.proxy.client;

import dev.belay.AsyncOperation;
import dev.belay.Attempt;
import dev.belay.Time;
import dev.belay.proxy.Connectivity;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.Visit;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One order, carried out through whichever proxy an attempt names. For one event loop. */
final class Exchange implements AsyncOperation<Upstream, Received> {
  private final Means means;
  private final Order order;

  /** What attempts need besides the order. */
  record Means(ClientLoop loop, Visit visit, Connectivity network, Time time, Duration connect) {}

  Exchange(Means means, Order order) {
    this.means = means;
    this.order = order;
  }

  @Override
  public CompletableFuture<Received> start(Attempt<Upstream> attempt) {
    Transmission transmission = new Transmission(means, order, attempt);
    transmission.begin();
    return transmission.result();
  }

  @Override
  public boolean endsInTime() {
    return true;
  }

  @Override
  public void discard(Received received) {
    received.discard();
  }
}
