package dev.belay;

import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Carries out the steps of one call on the caller's own thread. */
final class BlockingDriver<E extends Endpoint, T extends @Nullable Object> {
  private final CallMachine<E> machine;
  private final Operation<E, T> operation;
  private final Classifier classifier;
  private final Time time;
  private @Nullable Outcome<T> last;

  BlockingDriver(
      CallMachine<E> machine, Operation<E, T> operation, Classifier classifier, Time time) {
    this.machine = machine;
    this.operation = operation;
    this.classifier = classifier;
    this.time = time;
  }

  /** Goes on from {@code first} to the end of the call. */
  T drive(Step<E> first) throws InterruptedException {
    Step<E> step = first;
    while (true) {
      switch (step) {
        case Attempt<E> attempt -> step = after(attempt, run(attempt));
        case Step.Pause<E> pause -> step = afterPause(pause);
        case Step.Await<E> await ->
            throw new IllegalStateException("no attempt runs beside a blocking one");
        case Step.Stop<E> stop -> {
          return Ending.of(stop, last);
        }
      }
    }
  }

  /** The step after an attempt whose outcome is known. */
  Step<E> after(Attempt<E> attempt, Outcome<T> outcome) {
    last = outcome;
    return machine.after(attempt, outcome.verdict(), time.nanos());
  }

  private Step<E> afterPause(Step.Pause<E> pause) throws InterruptedException {
    try {
      time.sleep(pause.nanos());
    } catch (InterruptedException interrupted) {
      machine.cancel(time.nanos());
      throw interrupted;
    }
    return machine.next(time.nanos());
  }

  private Outcome<T> run(Attempt<E> attempt) {
    if (attempt.limitNanos() == Nanos.FOREVER) {
      try {
        return Outcome.value(operation.run(attempt), classifier);
      } catch (Throwable failure) {
        return Outcome.failureHere(failure, classifier);
      }
    }
    return runInTime(attempt);
  }

  private Outcome<T> runInTime(Attempt<E> attempt) {
    Watchdog watchdog = new Watchdog();
    Time.Timer timer = time.after(attempt.limitNanos(), Runnable::run, watchdog);
    try {
      Outcome<T> outcome = Outcome.value(operation.run(attempt), classifier);
      timer.cancel();
      watchdog.stop();
      return outcome;
    } catch (Throwable failure) {
      timer.cancel();
      // first it takes back its own interrupt: one that is left then came from somebody else
      return watchdog.stop()
          ? Outcome.failure(timedOut(attempt), classifier)
          : Outcome.failureHere(failure, classifier);
    }
  }

  static TimeoutException timedOut(Attempt<?> attempt) {
    return new TimeoutException(
        "%s took longer than %s".formatted(attempt, Nanos.duration(attempt.limitNanos())));
  }
}
