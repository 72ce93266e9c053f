package dev.belay.process;

import java.time.Instant;
import java.util.Optional;

/**
 * The program that started another: its number, and when it was started, since numbers are given
 * again. Immutable.
 *
 * @param started in the clock of the system's list of processes; only equality means anything
 */
record Owner(long pid, long started) {
  /** Carried by all that we start, and by all that they start. */
  static final String VARIABLE = "BELAY_OWNER";

  static Owner self() {
    ProcessHandle us = ProcessHandle.current();
    // not the instant that Java gives: that moves when the wall clock is set
    long started =
        ListedProcess.of(us.pid())
            .map(ListedProcess::started)
            .orElseGet(() -> us.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    return new Owner(us.pid(), started);
  }

  String text() {
    return pid + ":" + started;
  }

  static Optional<Owner> of(String text) {
    int colon = text.indexOf(':');
    try {
      return Optional.of(
          new Owner(
              Long.parseLong(text.substring(0, Math.max(0, colon))),
              Long.parseLong(text.substring(colon + 1))));
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
  }

  boolean lives() {
    return ListedProcess.of(pid).filter(it -> it.lives() && it.started() == started).isPresent();
  }
}
