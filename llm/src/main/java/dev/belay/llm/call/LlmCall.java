package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.check.Groups;
import dev.belay.llm.check.Validator;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.delay.GateEntry.Priority;
import dev.belay.llm.json.Json;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of an {@link LlmClient}, once: a request, what its answer must be like, and what it
 * may cost. Immutable, safe for any number of threads.
 */
public final class LlmCall {
  private final LlmRequest request;
  private final Optional<Validator> check;
  private final Wishes wishes;

  private LlmCall(LlmRequest request, Optional<Validator> check, Wishes wishes) {
    this.request = requireNonNull(request, "request");
    this.check = check;
    this.wishes = wishes;
  }

  /** A request whose answer is taken as it is. */
  public static LlmCall of(LlmRequest request) {
    return new LlmCall(request, Optional.empty(), Wishes.NONE);
  }

  /** The same for one question. */
  public static LlmCall of(String route, String question) {
    return of(LlmRequest.of(route, question));
  }

  /** What is asked. */
  public LlmRequest request() {
    return request;
  }

  /** What the answer must be like; empty if it is taken as it is. */
  public Optional<Validator> check() {
    return check;
  }

  Wishes wishes() {
    return wishes;
  }

  /** The same whose answer must satisfy all of these. */
  public LlmCall checkedBy(Validator... validators) {
    return checkedBy(Arrays.asList(validators));
  }

  /** The same whose answer must satisfy all of these; any answer will do if there are none. */
  public LlmCall checkedBy(List<Validator> validators) {
    Optional<Validator> all =
        switch (validators.size()) {
          case 0 -> Optional.empty();
          case 1 -> Optional.of(validators.getFirst());
          default -> Optional.of(Groups.all(validators));
        };
    return new LlmCall(request, all, wishes);
  }

  /**
   * The same that says in its transcript by what its answer is checked, so that a replay can do it
   * again.
   *
   * @param checks in the form that {@link dev.belay.llm.check.Validators} reads
   */
  public LlmCall noting(Json.Arr checks) {
    return with(wishes.withChecks(checks));
  }

  /** The same that is corrected in its own way. */
  public LlmCall correctedBy(CorrectionPolicy policy) {
    return with(wishes.withCorrections(policy));
  }

  /** The same under limits of its own. */
  public LlmCall within(BudgetLimits limits) {
    return with(wishes.withLimits(limits));
  }

  /** The same with so much time from the beginning to the end, above 0. */
  public LlmCall within(Duration time) {
    Check.that(time.isPositive(), "time must be above 0, was %s", time);
    return with(wishes.withTime(time));
  }

  /** The same as part of a run. */
  public LlmCall ofRun(String key) {
    return by(new Caller(key, wishes.caller().tenant(), wishes.caller().priority()));
  }

  /** The same for a tenant, who takes turns with others at a gate. */
  public LlmCall forTenant(String tenant, Priority priority) {
    return by(new Caller(wishes.caller().key(), tenant, priority));
  }

  /** The same on somebody's behalf. */
  public LlmCall by(Caller caller) {
    return with(wishes.withCaller(caller));
  }

  /**
   * The same, which a person was asked about: it goes on as was decided, and fails as before if
   * nobody has decided yet.
   *
   * @param ticket of {@link HumanReviewNeeded}
   */
  public LlmCall afterReview(String ticket) {
    return with(wishes.withReview(ticket).withCached(false));
  }

  /** The same whose answer comes from a model, whatever the client's cache holds. */
  public LlmCall uncached() {
    return with(wishes.withCached(false));
  }

  private LlmCall with(Wishes other) {
    return new LlmCall(request, check, other);
  }

  @Override
  public String toString() {
    return "LlmCall[%s%s]".formatted(request, check.isPresent() ? ", checked" : "");
  }
}
