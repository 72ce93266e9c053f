package dev.belay;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs a blocking operation on a virtual thread; cancelling the future interrupts it. */
final class OnThread<E extends Endpoint, T extends @Nullable Object>
    implements AsyncOperation<E, T> {
  private final Operation<E, T> operation;

  OnThread(Operation<E, T> operation) {
    this.operation = operation;
  }

  @Override
  public CompletableFuture<T> start(Attempt<E> attempt) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .name("belay-attempt")
            .start(() -> {
              try {
                future.complete(operation.run(attempt));
              } catch (Throwable failure) {
                future.completeExceptionally(failure);
              }
            });
    var unused =
        future.whenComplete((value, failure) -> {
          if (future.isCancelled()) {
            thread.interrupt();
          }
        });
    return future;
  }
}
