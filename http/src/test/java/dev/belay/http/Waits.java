package dev.belay.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures in tests, for ten seconds at the most. */
final class Waits {
  private Waits() {}

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("failed", e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("did not complete", e);
    }
  }

  static <E extends Throwable> E failure(Future<?> future, Class<E> type) {
    try {
      Object result = future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      throw new AssertionError("succeeded with " + result);
    } catch (ExecutionException e) {
      return requireNonNull(type.cast(e.getCause()), "cause");
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("did not complete", e);
    }
  }
}
