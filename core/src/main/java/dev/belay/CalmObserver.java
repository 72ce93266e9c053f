package dev.belay;

/**
 * Keeps what an observer throws, errors included, from the call it is told of: it goes to the
 * uncaught exception handler of the thread, and neither a permit nor an answer is lost.
 */
final class CalmObserver implements CallObserver {
  private final CallObserver observer;

  private CalmObserver(CallObserver observer) {
    this.observer = observer;
  }

  /** The observer of one call that begins. */
  static CallObserver begun(CallObserver observer, Call call, String policy) {
    if (observer.equals(NONE)) {
      return NONE;
    }
    CallObserver[] own = {NONE};
    calmly(() -> own[0] = observer.begun(call, policy));
    return new CalmObserver(own[0]);
  }

  @Override
  public void attempting(Call call, String policy, Attempt<?> attempt) {
    calmly(() -> observer.attempting(call, policy, attempt));
  }

  @Override
  public void attempted(
      Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
    calmly(() -> observer.attempted(call, policy, attempt, verdict, tookNanos));
  }

  @Override
  public void paused(Call call, String policy, Step.Pause<?> pause) {
    calmly(() -> observer.paused(call, policy, pause));
  }

  @Override
  public void finished(Call call, CallReport report) {
    calmly(() -> observer.finished(call, report));
  }

  /** Runs what somebody else wrote, who only listens. */
  static void calmly(Runnable told) {
    try {
      told.run();
    } catch (Throwable fault) {
      tell(fault);
    }
  }

  private static void tell(Throwable fault) {
    Thread thread = Thread.currentThread();
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, fault);
    } catch (Throwable ignored) {
      // as the machine itself ignores what such a handler throws
    }
  }
}
