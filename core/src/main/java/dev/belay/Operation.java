package dev.belay;

import org.jspecify.annotations.Nullable;

/**
 * What a call does, once for each attempt.
 *
 * @param <E> the kind of endpoint
 * @param <T> what it returns
 */
@FunctionalInterface
public interface Operation<E extends Endpoint, T extends @Nullable Object> {

  /**
   * One attempt. Interrupting the thread must end it soon.
   *
   * @param attempt where to go and until when; its deadline is there to be handed on
   */
  T run(Attempt<E> attempt) throws Exception;
}
