package dev.belay.llm.transport;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells at once whether there is anything to wait for. */
final class Ready {
  private Ready() {}

  static boolean is(CompletionStage<Void> stage) {
    if (stage.equals(StreamSink.READY)) {
      return true;
    }
    CompletableFuture<Void> future = stage.toCompletableFuture();
    return future.isDone() && !future.isCompletedExceptionally();
  }
}
