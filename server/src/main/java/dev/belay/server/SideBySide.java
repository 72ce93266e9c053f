package dev.belay.server;

import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * One system, tried by as many as there are ways to it; the faults of each way strike the requests
 * of that way alone. Safe for any number of threads.
 */
final class SideBySide implements Target {
  private final BlockingQueue<Target> free;

  SideBySide(List<Target> ways) {
    this.free = new ArrayBlockingQueue<>(ways.size(), true, ways);
  }

  @Override
  public Observation run(FaultPlan plan) throws TargetFailed, InterruptedException {
    Target way = free.take();
    try {
      return way.run(plan);
    } finally {
      free.add(way);
    }
  }
}
