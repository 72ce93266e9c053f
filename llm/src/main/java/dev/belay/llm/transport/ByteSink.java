package dev.belay.llm.transport;

import java.util.concurrent.CompletionStage;

/** Takes the bytes of an answer as they come. */
@FunctionalInterface
public interface ByteSink {

  /**
   * Takes what arrived in one read. Must not block. Is never called again before the stage it gave
   * is complete; nothing is read from the provider in the meantime.
   *
   * @return complete when it is ready for more
   */
  CompletionStage<Void> next(byte[] chunk);
}
