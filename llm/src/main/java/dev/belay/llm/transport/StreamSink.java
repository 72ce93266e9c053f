package dev.belay.llm.transport;

import dev.belay.llm.StreamEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes the pieces of a streamed answer. */
@FunctionalInterface
public interface StreamSink {

  /** For a sink that is ready for more. */
  CompletionStage<Void> READY = CompletableFuture.completedStage(null);

  /**
   * Takes one piece; the last one is {@link StreamEvent.End}, and comes only with a whole answer.
   * Must not block. Is never called again before the stage it gave is complete; the provider is not
   * read from in the meantime. A stage that fails, or an exception, ends the call with it.
   *
   * @return complete when it is ready for more
   */
  CompletionStage<Void> next(StreamEvent event);
}
