package dev.belay.http;

import dev.belay.Time;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The machine's clock with timers on the caller's own event loop, which costs less than a timer
 * thread that all loops share. Off an event loop it is the machine's clock as it is. Safe for any
 * number of threads.
 */
public final class LoopTime implements Time {
  private final Time machine = Time.system();

  @Override
  public long nanos() {
    return machine.nanos();
  }

  @Override
  public long coarseNanos() {
    return machine.coarseNanos();
  }

  @Override
  public Instant instant() {
    return machine.instant();
  }

  @Override
  public void sleep(long nanos) throws InterruptedException {
    machine.sleep(nanos);
  }

  @Override
  public Timer after(long nanos, Executor executor, Runnable task) {
    if (!(Vertx.currentContext() instanceof ContextInternal context)) {
      return machine.after(nanos, executor, task);
    }
    EventLoop loop = context.nettyEventLoop();
    Future<?> timer = loop.schedule(() -> executor.execute(task), nanos, TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }
}
