package dev.belay.llm.transcript;

import static java.util.Objects.requireNonNull;

/**
 * How writing goes. Immutable.
 *
 * @param calls that have begun
 * @param lines that were written
 * @param dropped lines that were not: no room, or an error
 * @param errors so far
 * @param lastError for people; empty if there was none
 * @param failing whether the last thing that was to be written was not
 */
public record TranscriptHealth(
    long calls, long lines, long dropped, long errors, String lastError, boolean failing) {
  /** Nothing happened yet. */
  static final TranscriptHealth NEW = new TranscriptHealth(0, 0, 0, 0, "", false);

  /** Rejects null. */
  public TranscriptHealth {
    requireNonNull(lastError, "lastError");
  }

  TranscriptHealth withCall() {
    return new TranscriptHealth(calls + 1, lines, dropped, errors, lastError, failing);
  }

  TranscriptHealth withLines(int more) {
    return new TranscriptHealth(calls, lines + more, dropped, errors, lastError, false);
  }

  TranscriptHealth withDropped(int more) {
    return new TranscriptHealth(calls, lines, dropped + more, errors, lastError, failing);
  }

  TranscriptHealth withError(Throwable error) {
    return new TranscriptHealth(calls, lines, dropped, errors + 1, error.toString(), true);
  }
}
