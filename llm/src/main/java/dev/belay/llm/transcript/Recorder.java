package dev.belay.llm.transcript;

import java.util.List;

/**
 * Is told of calls as they happen. Never blocks and never throws, whatever it is told; safe for any
 * number of threads.
 */
@FunctionalInterface
public interface Recorder {
  /** Hears nothing. */
  Recorder NONE = start -> CallRecord.NONE;

  /** Tells all of these; {@link #NONE} if there are none. */
  static Recorder all(List<Recorder> recorders) {
    return switch (recorders.size()) {
      case 0 -> NONE;
      case 1 -> recorders.getFirst();
      default -> new Recorders(List.copyOf(recorders));
    };
  }

  /** A call begins; what happens in it is told to what is given back. */
  CallRecord begin(CallStart start);
}
