package dev.belay.process;

import java.util.Optional;

/**
 * The program that started another: its number, and when it was started, since numbers are given
 * again. Immutable.
 *
 * @param started in the clock of the system's list of processes; only equality means anything, and
 *     0 that it is not known
 */
record Owner(long pid, long started) {
  /** Carried by all that we start, and by all that they start. */
  static final String VARIABLE = "BELAY_OWNER";

  private static final long UNKNOWN = 0;

  static Owner self() {
    long pid = ProcessHandle.current().pid();
    // not the instant that Java gives: that moves when the wall clock is set
    return new Owner(pid, ListedProcess.of(pid).map(ListedProcess::started).orElse(UNKNOWN));
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

  /** In doubt it does: what it has started must not be ended. */
  boolean lives() {
    return ListedProcess.of(pid)
        .map(found -> found.lives() && (started == UNKNOWN || found.started() == started))
        .orElseGet(() -> ListedProcess.isListed(pid));
  }
}
