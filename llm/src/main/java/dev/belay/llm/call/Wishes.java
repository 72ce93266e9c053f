package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What goes with a request. Immutable.
 *
 * @param corrections how the model is asked again; the client's if empty
 * @param limits what the call may use; the client's if empty
 * @param time from the beginning to the end, all included; the route's if empty
 * @param caller on whose behalf it is made
 * @param review the ticket under which it was parked; empty if it begins now
 * @param cached whether an answer may come from the client's cache, if it has one
 * @param checks what the answer has to pass, as it is written; empty if it is known as code alone
 */
record Wishes(
    Optional<CorrectionPolicy> corrections,
    Optional<BudgetLimits> limits,
    Optional<Duration> time,
    Caller caller,
    Optional<String> review,
    boolean cached,
    Json.Arr checks) {
  static final Wishes NONE =
      new Wishes(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Caller.ANYBODY,
          Optional.empty(),
          true,
          Json.of(List.of()));

  Wishes {
    requireNonNull(caller, "caller");
    requireNonNull(checks, "checks");
  }

  /** The same that is corrected in another way. */
  Wishes withCorrections(CorrectionPolicy policy) {
    return new Wishes(Optional.of(policy), limits, time, caller, review, cached, checks);
  }

  /** The same under other limits. */
  Wishes withLimits(BudgetLimits most) {
    return new Wishes(corrections, Optional.of(most), time, caller, review, cached, checks);
  }

  /** The same with other time. */
  Wishes withTime(Duration whole) {
    return new Wishes(corrections, limits, Optional.of(whole), caller, review, cached, checks);
  }

  /** The same for somebody else. */
  Wishes withCaller(Caller other) {
    return new Wishes(corrections, limits, time, other, review, cached, checks);
  }

  /** The same that goes on after a review. */
  Wishes withReview(String ticket) {
    return new Wishes(corrections, limits, time, caller, Optional.of(ticket), cached, checks);
  }

  /** The same that may be answered from the cache, or not. */
  Wishes withCached(boolean may) {
    return new Wishes(corrections, limits, time, caller, review, may, checks);
  }

  /** The same whose checks are written in another way. */
  Wishes withChecks(Json.Arr written) {
    return new Wishes(corrections, limits, time, caller, review, cached, written);
  }
}
