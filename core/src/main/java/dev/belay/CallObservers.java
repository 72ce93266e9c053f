package dev.belay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells several observers; what one throws keeps nothing from the others. */
record CallObservers(List<CallObserver> observers) implements CallObserver {

  @Override
  public CallObserver begun(Call call, String policy) {
    @Nullable List<CallObserver> own = null;
    for (int i = 0; i < observers.size(); i++) {
      CallObserver shared = observers.get(i);
      CallObserver one = begun(shared, call, policy);
      if (!one.equals(shared)) {
        // a copy only for calls that somebody follows
        own = own == null ? new ArrayList<>(observers) : own;
        own.set(i, one);
      }
    }
    return own == null ? this : new CallObservers(own);
  }

  private static CallObserver begun(CallObserver observer, Call call, String policy) {
    CallObserver[] own = {NONE};
    CalmObserver.calmly(() -> own[0] = observer.begun(call, policy));
    return own[0];
  }

  @Override
  public void attempting(Call call, String policy, Attempt<?> attempt) {
    for (CallObserver observer : observers) {
      CalmObserver.calmly(() -> observer.attempting(call, policy, attempt));
    }
  }

  @Override
  public void attempted(
      Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
    for (CallObserver observer : observers) {
      CalmObserver.calmly(() -> observer.attempted(call, policy, attempt, verdict, tookNanos));
    }
  }

  @Override
  public void paused(Call call, String policy, Step.Pause<?> pause) {
    for (CallObserver observer : observers) {
      CalmObserver.calmly(() -> observer.paused(call, policy, pause));
    }
  }

  @Override
  public void finished(Call call, CallReport report) {
    for (CallObserver observer : observers) {
      CalmObserver.calmly(() -> observer.finished(call, report));
    }
  }
}
