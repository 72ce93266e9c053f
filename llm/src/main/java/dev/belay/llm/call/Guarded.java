package dev.belay.llm.call;

import dev.belay.AsyncOperation;
import dev.belay.Attempt;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.delay.Admission;
import dev.belay.llm.delay.GateEntry;
import dev.belay.llm.provider.LlmEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * One request with all its attempts: each waits at the gate of its endpoint, if the call waits in
 * the new way, is sent, and is judged if it fails. What is sent has to end in time by itself.
 *
 * @param <T> what an attempt gives
 */
abstract class Guarded<T> implements AsyncOperation<LlmEndpoint, T> {
  private final LlmRoute route;
  private final Caller caller;
  private final Executor executor;
  private final Judging judging;
  private final Telling telling;
  private final boolean waitsAtGates;
  private final List<LlmEndpoint> tried = new CopyOnWriteArrayList<>();

  /**
   * One request.
   *
   * @param executor sends the attempts that had to wait at a gate
   */
  Guarded(LlmRoute route, Telling.Part part, Executor executor) {
    this.route = route;
    this.caller = part.caller();
    this.executor = executor;
    this.judging = new Judging(route, caller.key());
    this.telling = new Telling(route, part);
    this.waitsAtGates = route.equipment().waits().isNew(caller.key());
  }

  /** Why an attempt must not be made; empty if it may. */
  abstract Optional<JudgedFailure> refusal(Attempt<LlmEndpoint> attempt);

  /** Sends an attempt that may be made. */
  abstract CompletionStage<T> send(Attempt<LlmEndpoint> attempt);

  /** An attempt brought something. */
  abstract void answered(Attempt<LlmEndpoint> attempt, T value, long sentNanos);

  /** Whether the caller has seen a part of the answer, so that it must not be asked for again. */
  abstract boolean hasBegun();

  /** An attempt was held up at a gate. */
  abstract void waited(Duration time);

  /** Makes of a failure what is to be made of it, without an attempt. */
  final JudgedFailure judged(LlmEndpoint endpoint, ProviderError error) {
    return judging.told(endpoint, error, tried);
  }

  final Telling telling() {
    return telling;
  }

  @Override
  public boolean endsInTime() {
    return true;
  }

  @Override
  public CompletableFuture<T> start(Attempt<LlmEndpoint> attempt) {
    LlmEndpoint endpoint = attempt.endpoint();
    tried.add(endpoint);
    telling.begins(attempt);
    CompletableFuture<T> result = new CompletableFuture<>();
    if (!waitsAtGates) {
      send(attempt, Duration.ZERO, result);
      return result;
    }
    CompletableFuture<Admission> turn =
        judging.gate(endpoint).enter(entry(attempt)).toCompletableFuture();
    if (turn.isDone() && !turn.isCompletedExceptionally()) {
      admitted(turn.join(), attempt, result);
      return result;
    }
    cancelWith(result, turn);
    var unused =
        turn.whenCompleteAsync(
            (admission, failure) -> {
              if (failure != null) {
                result.completeExceptionally(failure);
              } else {
                admitted(admission, attempt, result);
              }
            },
            executor);
    return result;
  }

  private GateEntry entry(Attempt<LlmEndpoint> attempt) {
    Duration left = attempt.deadline().left();
    Duration most = route.policy(caller.key()).maxHintWait();
    Duration patience = left.compareTo(most) < 0 ? left : most;
    return new GateEntry(caller.tenant(), caller.priority(), patience);
  }

  private void admitted(
      Admission admission, Attempt<LlmEndpoint> attempt, CompletableFuture<T> result) {
    switch (admission) {
      case Admission.Refused refused ->
          result.completeExceptionally(judging.refused(attempt.endpoint(), refused, tried));
      case Admission.Granted granted -> {
        if (!granted.waited().isZero()) {
          waited(granted.waited());
        }
        if (!result.isDone()) {
          send(attempt, granted.waited(), result);
        }
      }
    }
  }

  private void send(Attempt<LlmEndpoint> attempt, Duration heldUp, CompletableFuture<T> result) {
    Optional<JudgedFailure> refusal = refusal(attempt);
    if (refusal.isPresent()) {
      result.completeExceptionally(refusal.get());
      return;
    }
    telling.sent(attempt, heldUp);
    long sentNanos = route.equipment().time().nanos();
    CompletableFuture<T> sent = sent(attempt);
    cancelWith(result, sent);
    var unused =
        sent.whenComplete((value, failure) -> {
          if (failure == null) {
            telling.answered(attempt);
            answered(attempt, value, sentNanos);
            if (!result.complete(value)) {
              discard(value);
            }
          } else if (!result.isDone()) {
            Throwable judged = judged(attempt.endpoint(), failure);
            if (judged instanceof JudgedFailure known
                && known.trouble() instanceof Trouble.Told told) {
              telling.failed(attempt, told.error(), sentNanos);
            }
            result.completeExceptionally(judged);
          }
        });
  }

  private CompletableFuture<T> sent(Attempt<LlmEndpoint> attempt) {
    try {
      return send(attempt).toCompletableFuture();
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
      case ProviderException told when hasBegun() -> judging.brokenOff(endpoint, told.error());
      case ProviderException told -> judging.told(endpoint, told.error(), tried);
      case JudgedFailure known -> known;
      case RuntimeException other -> Judging.other(other);
      default -> cause;
    };
  }

  /** Cancelling {@code outer} cancels {@code inner}. */
  static void cancelWith(CompletableFuture<?> outer, CompletableFuture<?> inner) {
    var unused =
        outer.whenComplete((value, failure) -> {
          if (outer.isCancelled()) {
            inner.cancel(true);
          }
        });
  }
}
