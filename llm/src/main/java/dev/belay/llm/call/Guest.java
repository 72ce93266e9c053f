package dev.belay.llm.call;

import dev.belay.AsyncOperation;
import dev.belay.Attempt;
import dev.belay.CallFailed;
import dev.belay.llm.provider.LlmEndpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A request of somebody else's making that goes by the rules of a route. */
final class Guest<T> extends Guarded<T> {
  private final AsyncOperation<LlmEndpoint, T> request;
  private final RouteListener listener;

  Guest(
      LlmRoute route,
      Caller caller,
      AsyncOperation<LlmEndpoint, T> request,
      RouteListener listener,
      Executor executor) {
    super(route, new Telling.Part(caller, listener.record(), 1), executor);
    this.request = request;
    this.listener = listener;
  }

  @Override
  Optional<JudgedFailure> refusal(Attempt<LlmEndpoint> attempt) {
    return Optional.empty();
  }

  @Override
  CompletionStage<T> send(Attempt<LlmEndpoint> attempt) {
    return request.start(attempt);
  }

  @Override
  void answered(Attempt<LlmEndpoint> attempt, T value, long sentNanos) {
    // what it is worth knows only who made the request
  }

  @Override
  boolean hasBegun() {
    return false; // what has reached its caller is no attempt any more
  }

  @Override
  void waited(Duration time) {
    listener.waited(time);
  }

  @Override
  public void discard(T value) {
    request.discard(value);
  }

  void ended(@Nullable Throwable failure) {
    if (failure instanceof CallFailed failed) {
      telling().gaveUp(failed.report().reason());
    }
  }
}
