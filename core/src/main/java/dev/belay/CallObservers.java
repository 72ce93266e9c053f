package dev.belay;

import java.util.List;

/** Tells several observers. */
record CallObservers(List<CallObserver> observers) implements CallObserver {

  @Override
  public void attempted(
      Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
    for (CallObserver observer : observers) {
      observer.attempted(call, policy, attempt, verdict, tookNanos);
    }
  }

  @Override
  public void paused(Call call, String policy, Step.Pause<?> pause) {
    for (CallObserver observer : observers) {
      observer.paused(call, policy, pause);
    }
  }

  @Override
  public void finished(Call call, CallReport report) {
    for (CallObserver observer : observers) {
      observer.finished(call, report);
    }
  }
}
