package dev.belay.llm.provider;

import dev.belay.llm.LlmResponse;
import dev.belay.llm.StreamEvent;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the events of one streamed answer and puts the answer together. For one thread. */
public interface StreamReader {

  /**
   * Reads one event.
   *
   * @param sink gets the pieces in it; never {@link StreamEvent.End}
   * @return how the stream ended; empty as long as it goes on
   */
  Optional<Reading> read(ServerEvent event, Consumer<StreamEvent> sink);

  /**
   * The connection ended.
   *
   * @return the answer, if all of it had come; empty if it is cut
   */
  Optional<Reading> end();

  /** What has come so far, as an answer that is {@link dev.belay.llm.Finish#INCOMPLETE}. */
  LlmResponse soFar();
}
