package dev.belay.llm.gateway;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.front.Front;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transport.StreamSink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Answers through an {@link LlmClient}: what the client of the gateway says is put into the words
 * of whichever provider is asked, and answers are checked and asked for again where that is wanted.
 */
public final class ClientAnswerer implements Answerer {
  private final LlmClient client;
  private final UnaryOperator<LlmCall> habits;

  /**
   * Uses a client that knows a route of the same name.
   *
   * @param habits what the route adds to each call: checks, corrections, a budget
   */
  public ClientAnswerer(LlmClient client, UnaryOperator<LlmCall> habits) {
    this.client = requireNonNull(client, "client");
    this.habits = requireNonNull(habits, "habits");
  }

  @Override
  public CompletionStage<Told> answer(Order order) {
    return told(client.callAsync(call(order)));
  }

  @Override
  public CompletionStage<Told> stream(Order order, StreamSink sink) {
    return told(client.stream(call(order), sink));
  }

  private LlmCall call(Order order) {
    LlmRequest request = order.asked().request();
    // what only the client's protocol knows means nothing, or something else, in another one
    boolean foreign =
        client.route(request.model()).endpoints().stream()
            .anyMatch(endpoint -> !isSpokenBy(order.front(), endpoint));
    LlmCall call =
        LlmCall.of(foreign ? request.toBuilder().extra(Json.EMPTY).build() : request)
            .by(order.caller());
    LlmCall ready = habits.apply(call);
    return order.review().map(ready::afterReview).orElse(ready);
  }

  private static boolean isSpokenBy(Front front, LlmEndpoint endpoint) {
    return endpoint.backend() instanceof Backend.Http http
        && front.isSpokenBy(http.dialect().name());
  }

  private static CompletionStage<Told> told(CompletableFuture<LlmResult> result) {
    CompletableFuture<Told> told = new CompletableFuture<>();
    Later.cancelWith(told, result);
    Later.then(
        result,
        told,
        done ->
            told.complete(
                new Told(
                    done.response(),
                    done.endpoint(),
                    done.attempts(),
                    done.corrections(),
                    done.waited())));
    return told;
  }
}
