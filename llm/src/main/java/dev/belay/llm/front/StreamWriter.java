package dev.belay.llm.front;

import dev.belay.llm.StreamEvent;

/** Writes one streamed answer as server-sent events. For one thread. */
public interface StreamWriter {

  /** What comes before the first piece; may be empty. */
  String begin();

  /**
   * One piece; may be empty. The last one is {@link StreamEvent.End}, after which nothing comes.
   */
  String piece(StreamEvent event);

  /** Tells that the answer breaks off here. */
  String broken(GatewayError error);
}
