package dev.belay.llm.call;

import dev.belay.AsyncOperation;
import dev.belay.Attempt;
import dev.belay.CallReport;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderException;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.Estimate;
import dev.belay.llm.budget.Shortage;
import dev.belay.llm.delay.Admission;
import dev.belay.llm.delay.GateEntry;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transport.Terms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One request with all its attempts: each waits at the gate of its endpoint, takes what it needs
 * from the budget, is sent, and is judged. Ends in time by itself.
 */
final class Requesting implements AsyncOperation<LlmEndpoint, LlmResponse> {
  private final LlmRoute route;
  private final Journey journey;
  private final LlmRequest request;
  private final Sending sending;
  private final Judging judging;
  private final Telling telling;
  private final String key;
  private final List<LlmEndpoint> tried = new CopyOnWriteArrayList<>();

  Requesting(LlmRoute route, Journey journey, LlmRequest request, Sending sending) {
    this.route = route;
    this.journey = journey;
    this.request = request;
    this.sending = sending;
    this.judging = new Judging(route, journey.key());
    this.telling = new Telling(route);
    this.key =
        "%016x%016x"
            .formatted(
                route.equipment().random().nextLong(), route.equipment().random().nextLong());
  }

  /** Is told how it ended. */
  void finished(CallReport report) {
    journey.reported(report);
    telling.gaveUp(report.reason());
  }

  @Override
  public boolean endsInTime() {
    return true;
  }

  @Override
  public CompletableFuture<LlmResponse> start(Attempt<LlmEndpoint> attempt) {
    LlmEndpoint endpoint = attempt.endpoint();
    tried.add(endpoint);
    telling.begins(attempt);
    CompletableFuture<LlmResponse> result = new CompletableFuture<>();
    CompletableFuture<Admission> turn =
        judging.gate(endpoint).enter(entry(attempt)).toCompletableFuture();
    cancelWith(result, turn);
    var unused =
        turn.whenComplete((admission, failure) -> {
          if (failure != null) {
            result.completeExceptionally(failure);
          } else {
            admitted(admission, attempt, result);
          }
        });
    return result;
  }

  private GateEntry entry(Attempt<LlmEndpoint> attempt) {
    Duration left = attempt.deadline().left();
    Duration most = route.policy(journey.key()).maxHintWait();
    Duration patience = left.compareTo(most) < 0 ? left : most;
    return new GateEntry(journey.tenant(), journey.priority(), patience);
  }

  private void admitted(
      Admission admission, Attempt<LlmEndpoint> attempt, CompletableFuture<LlmResponse> result) {
    switch (admission) {
      case Admission.Refused refused ->
          result.completeExceptionally(judging.refused(attempt.endpoint(), refused, tried));
      case Admission.Granted granted -> {
        journey.waited(granted.waited());
        if (!result.isDone()) {
          send(attempt, result);
        }
      }
    }
  }

  private void send(Attempt<LlmEndpoint> attempt, CompletableFuture<LlmResponse> result) {
    LlmEndpoint endpoint = attempt.endpoint();
    Estimate need = Estimate.of(request, endpoint.prices());
    Optional<Shortage> missing = journey.budget().take(attempt.number() > 1, need);
    if (missing.isPresent()) {
      result.completeExceptionally(Judging.tooDear(missing.get()));
      return;
    }
    route.equipment().waits().telemetry().attempt();
    Terms terms = new Terms(route.equipment().limits(), attempt.deadline(), key);
    long sentNanos = route.equipment().time().nanos();
    CompletableFuture<LlmResponse> sent = sent(endpoint, terms);
    cancelWith(result, sent);
    var unused =
        sent.whenComplete((response, failure) -> {
          Usage usage = failure == null ? response.usage() : Usage.NONE;
          journey.budget().settle(need, usage, endpoint.costOf(usage));
          if (failure == null) {
            journey.answeredBy(endpoint.name());
            telling.answered(attempt.number());
            result.complete(response);
          } else if (!result.isDone()) {
            Throwable judged = judged(endpoint, failure);
            if (judged instanceof JudgedFailure known
                && known.trouble() instanceof Trouble.Told told) {
              telling.failed(endpoint, told.error(), sentNanos);
            }
            result.completeExceptionally(judged);
          }
        });
  }

  private CompletableFuture<LlmResponse> sent(LlmEndpoint endpoint, Terms terms) {
    try {
      return sending.send(endpoint, terms).toCompletableFuture();
    } catch (RuntimeException unsendable) {
      return CompletableFuture.failedFuture(unsendable);
    }
  }

  private Throwable judged(LlmEndpoint endpoint, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case ProviderException told when sending.hasBegun() ->
          judging.brokenOff(endpoint, told.error());
      case ProviderException told -> judging.told(endpoint, told.error(), tried);
      case RuntimeException other -> Judging.other(other);
      default -> cause;
    };
  }

  private static void cancelWith(CompletableFuture<?> outer, CompletableFuture<?> inner) {
    var unused =
        outer.whenComplete((value, failure) -> {
          if (outer.isCancelled()) {
            inner.cancel(true);
          }
        });
  }
}
