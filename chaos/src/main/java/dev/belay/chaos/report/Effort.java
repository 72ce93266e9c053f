package dev.belay.chaos.report;

import dev.belay.chaos.guard.SafetyLog;
import java.util.List;

/**
 * What a session took, of time and of care.
 *
 * @param safety what the guard did
 * @param cost trials, time and requests
 */
public record Effort(List<SafetyLog.Entry> safety, Cost cost) {
  public Effort {
    safety = List.copyOf(safety);
  }
}
