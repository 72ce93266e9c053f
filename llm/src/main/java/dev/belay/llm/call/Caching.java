package dev.belay.llm.call;

import dev.belay.Deadline;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.budget.CallBudget;
import dev.belay.llm.budget.Shortage;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.cache.AnswerCache;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.CheckContext;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Problem;
import dev.belay.llm.check.Validator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Answers calls from a cache, and equal calls at the same time with one request. Nothing is taken
 * from it that does not pass the checks of the call. Safe for any number of threads.
 */
final class Caching {
  static final String ENDPOINT = "cache";

  private static final LlmReport NOTHING = new LlmReport(List.of(), Spent.NOTHING, Duration.ZERO);

  private final AnswerCache cache;
  private final Map<String, CompletableFuture<LlmResult>> underWay = new ConcurrentHashMap<>();

  Caching(AnswerCache cache) {
    this.cache = cache;
  }

  /** How an answer is brought that is not there. */
  interface Asking {
    LlmResult ask() throws InterruptedException;
  }

  /** The answer from the cache, or from an equal call, or else from the model. */
  LlmResult call(LlmCall call, Deadline deadline, Asking asking) throws InterruptedException {
    String key = cache.key(call.request());
    while (true) {
      Optional<LlmResult> known = find(call, key, deadline);
      if (known.isPresent()) {
        return known.get();
      }
      CompletableFuture<LlmResult> mine = new CompletableFuture<>();
      CompletableFuture<LlmResult> other = underWay.putIfAbsent(key, mine);
      if (other == null) {
        return lead(key, mine, asking);
      }
      Optional<LlmResult> shared = follow(call, other, deadline);
      if (shared.isPresent()) {
        return shared.get();
      }
    }
  }

  private LlmResult lead(String key, CompletableFuture<LlmResult> mine, Asking asking)
      throws InterruptedException {
    try {
      cache.miss();
      LlmResult result = asking.ask();
      store(key, result);
      mine.complete(result);
      return result;
    } catch (RuntimeException | InterruptedException failure) {
      mine.completeExceptionally(failure);
      throw failure;
    } finally {
      underWay.remove(key, mine);
      // whatever ended us, nobody waits for us any longer
      mine.cancel(false);
    }
  }

  /** Empty if the other call came to nothing for reasons of its own. */
  private Optional<LlmResult> follow(
      LlmCall call, CompletableFuture<LlmResult> other, Deadline deadline)
      throws InterruptedException {
    try {
      LlmResult theirs = other.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      Optional<LlmResult> ours = standing(call, theirs.response(), deadline);
      ours.ifPresent(result -> cache.share());
      return ours;
    } catch (TimeoutException late) {
      throw new BudgetExceeded(
          new Shortage(Shortage.What.DEADLINE, "an equal call was under way all the time"),
          NOTHING);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof LlmFailure failure && !(failure instanceof BudgetExceeded)) {
        throw failure;
      }
      return Optional.empty();
    } catch (CancellationException given) {
      return Optional.empty();
    }
  }

  /** The answer to an equal request, if it stands today. */
  Optional<LlmResult> find(LlmCall call, Deadline deadline) throws InterruptedException {
    return find(call, cache.key(call.request()), deadline);
  }

  private Optional<LlmResult> find(LlmCall call, String key, Deadline deadline)
      throws InterruptedException {
    Optional<LlmResponse> found = cache.find(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Optional<LlmResult> standing = standing(call, found.get(), deadline);
    if (standing.isPresent()) {
      cache.hit();
    } else {
      cache.reject();
    }
    return standing;
  }

  private static Optional<LlmResult> standing(LlmCall call, LlmResponse response, Deadline deadline)
      throws InterruptedException {
    Answer answer = Answer.of(response.choices().getFirst(), call.request());
    Optional<Validator> check = call.check();
    if (check.isEmpty()) {
      return Optional.of(new LlmResult(response, ENDPOINT, List.of(), NOTHING));
    }
    CallBudget budget = new CallBudget(call.wishes().limits().orElse(BudgetLimits.NONE), deadline);
    Finding finding = check.get().check(answer, new CheckContext(1, 0, deadline, budget));
    if (!(finding instanceof Finding.Valid valid)) {
      return Optional.empty();
    }
    List<Problem> warnings = valid.warnings();
    LlmResponse right = Conversation.withText(response, valid.answer());
    return Optional.of(new LlmResult(right, ENDPOINT, warnings, NOTHING));
  }

  /** A request is made although it might have been answered from here. */
  void miss() {
    cache.miss();
  }

  /** Keeps what stands by itself: an answer that is all there, and says something. */
  void store(LlmCall call, LlmResult result) {
    store(cache.key(call.request()), result);
  }

  private void store(String key, LlmResult result) {
    LlmResponse response = result.response();
    boolean says = !response.text().isBlank() || !response.toolCalls().isEmpty();
    boolean byModel = !result.endpoint().startsWith(Reviewing.ENDPOINT);
    if (says && byModel && response.finish().isWhole()) {
      cache.store(key, response);
    }
  }
}
