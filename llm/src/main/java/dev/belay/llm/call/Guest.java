package dev.belay.llm.call;

import dev.belay.AsyncOperation;
import dev.belay.Attempt;
import dev.belay.CallFailed;
import dev.belay.llm.provider.LlmEndpoint;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request of somebody else's making that goes by the rules of a route. */
final class Guest<T> extends Guarded<T> {
  private final AsyncOperation<LlmEndpoint, T> request;
  private final Consumer<Duration> waited;

  Guest(
      LlmRoute route,
      Caller caller,
      AsyncOperation<LlmEndpoint, T> request,
      Consumer<Duration> waited,
      Executor executor) {
    super(route, caller, executor);
    this.request = request;
    this.waited = waited;
  }

  @Override
  CompletionStage<T> send(Attempt<LlmEndpoint> attempt) {
    telling().sent();
    return request.start(attempt);
  }

  @Override
  boolean hasBegun() {
    return false; // what has reached its caller is no attempt any more
  }

  @Override
  void waited(Duration time) {
    waited.accept(time);
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
