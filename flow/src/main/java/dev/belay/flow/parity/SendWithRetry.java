package dev.belay.flow.parity;

import dev.belay.Time;
import dev.belay.flow.parity.GobreakerV1.Admission;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/**
 * The orchestrator's loop: retries outside, the breaker inside, so that each attempt is one request
 * of the breaker. A refusal by the breaker, and a caller who has given up, end it at once. What the
 * caller cancelled and what took too long count as successes at the breaker.
 */
public final class SendWithRetry {
  private SendWithRetry() {}

  /** The breaker let nothing through. */
  public static final class BreakerRefused extends Exception {
    @java.io.Serial private static final long serialVersionUID = 1L;
    private final GobreakerV1.Refusal why;

    /** One with the words of the original. */
    public BreakerRefused(GobreakerV1.Refusal why) {
      super(why.message());
      this.why = why;
    }

    /** Why. */
    public GobreakerV1.Refusal why() {
      return why;
    }
  }

  /**
   * Calls until it works or there is no sense in it any more.
   *
   * @return what the operation returned
   * @throws BreakerRefused if the breaker lets nothing through
   * @throws InterruptedException if the thread is interrupted: at once, whatever is being done
   * @throws Exception what the last attempt threw
   */
  public static <T> T send(Callable<T> operation, GobreakerV1 breaker, BackoffV4 backoff, Time time)
      throws Exception {
    backoff.reset();
    while (true) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException("cancelled before the attempt");
      }
      try {
        return guarded(operation, breaker);
      } catch (BreakerRefused | InterruptedException permanent) {
        throw permanent;
      } catch (Exception failed) {
        if (Thread.currentThread().isInterrupted()) {
          throw failed;
        }
        long wait = backoff.next();
        if (wait == BackoffV4.STOP) {
          throw failed;
        }
        time.sleep(wait);
      }
    }
  }

  private static <T> T guarded(Callable<T> operation, GobreakerV1 breaker) throws Exception {
    Admission.Granted leave =
        switch (breaker.before()) {
          case Admission.Granted granted -> granted;
          case Admission.Refused refused -> throw new BreakerRefused(refused.why());
        };
    try {
      T value = operation.call();
      breaker.after(leave, true);
      return value;
    } catch (Throwable failure) {
      breaker.after(leave, isSuccessful(failure));
      throw failure;
    }
  }

  /** What a breaker takes for a success although it is none. */
  public static boolean isSuccessful(Throwable failure) {
    return failure instanceof InterruptedException
        || failure instanceof CancellationException
        || failure instanceof TimeoutException;
  }
}
