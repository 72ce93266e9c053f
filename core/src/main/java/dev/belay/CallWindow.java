package dev.belay;

/** Counts calls, failures and slow calls over the recent past. Safe for any number of threads. */
sealed interface CallWindow permits SlicedWindow, LastCalls {

  /** What it holds at one moment. */
  record Counts(long calls, long failures, long slow) {}

  /** A call that was good and quick. */
  void success();

  /** A call that failed, not slowly. */
  void failure();

  /** A call that was slow, and perhaps failed besides. */
  void slow(boolean failed);

  /** What it holds now. */
  Counts counts();
}
