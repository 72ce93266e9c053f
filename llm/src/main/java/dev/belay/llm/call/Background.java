package dev.belay.llm.call;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Runs blocking work on a virtual thread that cancelling interrupts. */
final class Background {
  private Background() {}

  static <T> CompletableFuture<T> run(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .name("belay-llm")
            .unstarted(() -> {
              try {
                result.complete(work.call());
              } catch (InterruptedException interrupted) {
                result.cancel(false);
              } catch (Throwable failure) {
                result.completeExceptionally(failure);
              }
            });
    var unused =
        result.whenComplete((value, failure) -> {
          if (result.isCancelled()) {
            thread.interrupt();
          }
        });
    thread.start();
    return result;
  }
}
