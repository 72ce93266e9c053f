package dev.belay;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What an asynchronous call does, once for each attempt.
 *
 * @param <E> the kind of endpoint
 * @param <T> what it gives
 */
@FunctionalInterface
public interface AsyncOperation<E extends Endpoint, T extends @Nullable Object> {

  /**
   * Begins one attempt and returns at once. If the attempt has to end early, its stage is cancelled
   * through {@link CompletionStage#toCompletableFuture}.
   *
   * @param attempt where to go and until when
   */
  CompletionStage<T> start(Attempt<E> attempt);

  /**
   * Whether it ends its attempts by itself when their time is over, each with an outcome that says
   * more than "timed out". If so, nothing else watches the attempt's limit.
   */
  default boolean endsInTime() {
    return false;
  }

  /**
   * Gets rid of a value that no caller will see: another attempt follows, or another one was
   * faster. Close here what must be closed.
   */
  default void discard(T value) {}
}
