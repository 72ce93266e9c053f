package dev.belay.llm.gateway;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Stages that end together. */
final class Later {
  private Later() {}

  /** Cancelling {@code outer} cancels {@code inner}. */
  static void cancelWith(CompletableFuture<?> outer, CompletableFuture<?> inner) {
    onCancel(outer, () -> inner.cancel(true));
  }

  static void onCancel(CompletableFuture<?> outer, Runnable task) {
    var unused =
        outer.whenComplete((value, failure) -> {
          if (outer.isCancelled()) {
            task.run();
          }
        });
  }

  /** Goes on with the value; a failure, here or there, becomes the failure of {@code result}. */
  static <T> void then(CompletableFuture<T> stage, CompletableFuture<?> result, Consumer<T> next) {
    var unused =
        stage.whenComplete((value, failure) -> {
          if (failure != null) {
            result.completeExceptionally(cause(failure));
            return;
          }
          try {
            next.accept(value);
          } catch (RuntimeException fault) {
            result.completeExceptionally(fault);
          }
        });
  }

  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
