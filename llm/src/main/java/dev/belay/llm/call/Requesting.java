package dev.belay.llm.call;

import dev.belay.Attempt;
import dev.belay.CallReport;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.Estimate;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transport.Terms;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** One request of a call: each of its attempts takes what it needs from the call's budget. */
final class Requesting extends Guarded<LlmResponse> {
  private final LlmRoute route;
  private final Journey journey;
  private final LlmRequest request;
  private final Sending sending;
  private final String key;
  private final Map<String, Estimate> needs = new ConcurrentHashMap<>();

  Requesting(LlmRoute route, Journey journey, LlmRequest request, Sending sending) {
    super(route, journey.nextRequest(), Runnable::run);
    this.route = route;
    this.journey = journey;
    this.request = request;
    this.sending = sending;
    this.key =
        "%016x%016x"
            .formatted(
                route.equipment().random().nextLong(), route.equipment().random().nextLong());
  }

  /** Is told how it ended. */
  void finished(CallReport report) {
    journey.reported(report);
    telling().gaveUp(report.reason());
  }

  @Override
  boolean hasBegun() {
    return sending.hasBegun();
  }

  @Override
  void waited(Duration time) {
    journey.waited(time);
  }

  @Override
  Optional<JudgedFailure> refusal(Attempt<LlmEndpoint> attempt) {
    LlmEndpoint endpoint = attempt.endpoint();
    long tokens = need(endpoint).tokens();
    if (endpoint.contextWindow() > 0 && tokens > endpoint.contextWindow()) {
      return Optional.of(judged(endpoint, tooLong(endpoint, tokens)));
    }
    return journey.budget().take(attempt.number() > 1, need(endpoint)).map(Judging::tooDear);
  }

  private static ProviderError tooLong(LlmEndpoint endpoint, long tokens) {
    return ProviderError.of(
        ErrorKind.CONTEXT_OVERFLOW,
        "about %d tokens, the answer included, do not fit into the %d of %s; shorten the conversation or lower max_tokens"
            .formatted(tokens, endpoint.contextWindow(), endpoint.name()));
  }

  /** Reading a long request is work. */
  private Estimate need(LlmEndpoint endpoint) {
    return needs.computeIfAbsent(endpoint.name(), name -> Estimate.of(request, endpoint.prices()));
  }

  @Override
  CompletionStage<LlmResponse> send(Attempt<LlmEndpoint> attempt) {
    LlmEndpoint endpoint = attempt.endpoint();
    BudgetedRounds rounds = new BudgetedRounds(journey.budget(), need(endpoint), endpoint.prices());
    Terms terms = new Terms(route.equipment().limits(), attempt.deadline(), key, rounds);
    CompletableFuture<LlmResponse> sent = sending.send(endpoint, terms).toCompletableFuture();
    // settled before anybody hears of the end
    CompletableFuture<LlmResponse> settled =
        sent.whenComplete((response, failure) -> {
          Estimate aside = rounds.close();
          Usage usage = failure == null ? response.usage() : rounds.usage();
          journey.budget().settle(aside, usage, endpoint.costOf(usage));
          if (failure == null) {
            journey.answeredBy(endpoint.name());
          }
        });
    cancelWith(settled, sent);
    return settled;
  }

  @Override
  void answered(Attempt<LlmEndpoint> attempt, LlmResponse response, long sentNanos) {
    telling().answered(attempt, response, sentNanos);
  }
}
