package dev.belay.bench.flow;

import dev.belay.flow.Spend;
import dev.belay.flow.backend.AgentCall;
import dev.belay.flow.backend.AgentListener;
import dev.belay.flow.backend.AgentReply;
import dev.belay.flow.backend.Backend;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An agent that does nothing, for a while, so that all that takes time is the runner's own. */
final class IdleBackend implements Backend {
  private final long nanos;
  private final Semaphore never = new Semaphore(0);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  IdleBackend(Duration works) {
    this.nanos = works.toNanos();
  }

  int mostAtOnce() {
    return most.get();
  }

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public AgentReply send(AgentCall call, AgentListener listener) throws InterruptedException {
    most.accumulateAndGet(running.incrementAndGet(), Math::max);
    try {
      if (nanos > 0) {
        var unused = never.tryAcquire(nanos, TimeUnit.NANOSECONDS);
      }
      return new AgentReply("done", Optional.empty(), Spend.NONE);
    } finally {
      running.decrementAndGet();
    }
  }
}
