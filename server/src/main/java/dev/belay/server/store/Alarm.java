package dev.belay.server.store;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the store works. Says so in the log once when it stops and once when it goes on, however
 * often it is tried in between. Safe for any number of threads.
 */
public final class Alarm {
  private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

  private final AtomicReference<Optional<String>> problem = new AtomicReference<>(Optional.empty());

  /** One that is silent. */
  public Alarm() {}

  /** Whether the store fails. */
  public boolean isRaised() {
    return problem().isPresent();
  }

  /** What is wrong with the store, without any secret; empty if nothing is. */
  public Optional<String> problem() {
    return problem.get();
  }

  void raise(String what) {
    if (problem.getAndSet(Optional.of(what)).isEmpty()) {
      LOG.error(
          "THE STORE FAILS: {}. Serving goes on; what is counted stays in memory, and changes over"
              + " REST are refused, until the store works again",
          what);
    }
  }

  void clear() {
    problem
        .getAndSet(Optional.empty())
        .ifPresent(what -> LOG.warn("the store works again; it had failed: {}", what));
  }
}
