package dev.belay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells several observers. */
record CallObservers(List<CallObserver> observers) implements CallObserver {

  @Override
  public CallObserver begun(Call call, String policy) {
    @Nullable List<CallObserver> own = null;
    for (int i = 0; i < observers.size(); i++) {
      CallObserver one = observers.get(i).begun(call, policy);
      if (!one.equals(observers.get(i))) {
        // a copy only for calls that somebody follows
        own = own == null ? new ArrayList<>(observers) : own;
        own.set(i, one);
      }
    }
    return own == null ? this : new CallObservers(own);
  }

  @Override
  public void attempting(Call call, String policy, Attempt<?> attempt) {
    for (CallObserver observer : observers) {
      observer.attempting(call, policy, attempt);
    }
  }

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
