package dev.belay.server;

import dev.belay.Time;
import dev.belay.chaos.inject.FaultPolicyStore;
import dev.belay.server.live.FaultControl;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The faults in force, taken up from the store as soon as that can be read. */
final class FaultsRoom implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FaultsRoom.class);
  private static final long AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final FaultControl control;
  private final Time time;
  private final AtomicBoolean closed = new AtomicBoolean();

  FaultsRoom(FaultPolicyStore store, Time time) {
    this.control = FaultControl.of(store, time);
    this.time = time;
  }

  FaultControl control() {
    return control;
  }

  /** Goes on where the last process left off, and tries again for as long as the store fails. */
  void begin() {
    if (closed.get()) {
      return;
    }
    try {
      control.policies().recall();
    } catch (UncheckedIOException notYet) {
      LOG.debug("faults are not taken up yet: {}", notYet.getMessage());
      Time.Timer unused =
          time.after(
              AGAIN_NANOS,
              task -> Thread.ofVirtual().name("belay-faults").start(task),
              this::begin);
    }
  }

  @Override
  public void close() {
    closed.set(true);
    control.policies().close();
  }
}
