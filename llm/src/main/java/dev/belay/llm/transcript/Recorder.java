package dev.belay.llm.transcript;

/**
 * Is told of calls as they happen. Never blocks and never throws, whatever it is told; safe for any
 * number of threads.
 */
@FunctionalInterface
public interface Recorder {
  /** Hears nothing. */
  Recorder NONE = start -> CallRecord.NONE;

  /** A call begins; what happens in it is told to what is given back. */
  CallRecord begin(CallStart start);
}
