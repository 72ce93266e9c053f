package dev.belay.llm.call;

import dev.belay.Backoff;
import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Hint;
import dev.belay.Pace;
import dev.belay.Verdict;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.budget.Shortage;
import dev.belay.llm.delay.Admission;
import dev.belay.llm.delay.DelayPolicy;
import dev.belay.llm.delay.Gate;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.LlmEndpoint;
import java.time.Duration;
import java.util.Collection;

/**
 * What is made of a failed attempt. A provider that wants to be asked later is well: that is its
 * gate's business and not its breaker's, which would keep everybody away for longer than was asked
 * for. If another endpoint can answer now, nobody waits.
 */
final class Judging {
  private static final int SHORTEST_KEY = 8;

  private final LlmRoute route;
  private final String key;
  private final DelayPolicy policy;

  Judging(LlmRoute route, String key) {
    this.route = route;
    this.key = key;
    this.policy = route.equipment().waits().policies().apply(key);
  }

  /** An error of a provider; closes its gate if it wants to be left alone. */
  JudgedFailure told(LlmEndpoint endpoint, ProviderError told, Collection<LlmEndpoint> tried) {
    ProviderError error = withoutKey(endpoint, told);
    Verdict verdict = policy.verdict(endpoint.provider(), error, route.equipment().random());
    boolean leaveAlone =
        verdict.hint().isPresent()
            && (verdict.kind() == Verdict.Kind.THROTTLED
                || error.kind() == ErrorKind.QUOTA_EXHAUSTED);
    if (leaveAlone) {
      route.gate(endpoint).close(verdict.hint().after(), verdict.hint().source());
    }
    Verdict ours = ofGate(verdict, error.kind());
    boolean modern = route.equipment().waits().isNew(key);
    if (modern && error.kind() == ErrorKind.CONTEXT_OVERFLOW && route.hasRoomier(endpoint, tried)) {
      Verdict roomier =
          new Verdict(Verdict.Kind.RETRY, ErrorClass.REJECTED, Blame.CALLER, Hint.NONE);
      return new JudgedFailure(atOnce(roomier), new Trouble.Told(error));
    }
    boolean elsewhere = modern && verdict.kind() == Verdict.Kind.THROTTLED && route.hasFresh(tried);
    return new JudgedFailure(elsewhere ? atOnce(ours) : ours, new Trouble.Told(error));
  }

  /** Whoever is asked to wait is not broken. */
  static Verdict ofGate(Verdict verdict, ErrorKind kind) {
    boolean asked = kind == ErrorKind.RATE_LIMIT || verdict.hint().isPresent();
    return verdict.kind() == Verdict.Kind.THROTTLED && asked
        ? verdict.withBlame(Blame.TARGET)
        : verdict;
  }

  /** The hint binds the endpoint that gave it, not the next. */
  private static Verdict atOnce(Verdict verdict) {
    Pace pace = new Pace("elsewhere", Backoff.custom(none -> Duration.ZERO), Integer.MAX_VALUE);
    return verdict.withHint(Hint.NONE).withPace(pace);
  }

  /** A gate that does not open soon enough. */
  JudgedFailure refused(
      LlmEndpoint endpoint, Admission.Refused refused, Collection<LlmEndpoint> tried) {
    Hint hint = Hint.after(refused.retryAfter(), "gate: " + refused.why());
    ProviderError error =
        ProviderError.of(
                ErrorKind.CIRCUIT_OPEN,
                "%s is to be left alone until %s (%s)"
                    .formatted(endpoint.name(), refused.retryAt(), refused.why()))
            .withHint(hint);
    Verdict verdict = new Verdict(Verdict.Kind.RETRY, ErrorClass.REJECTED, Blame.CALLER, hint);
    return new JudgedFailure(
        route.hasFresh(tried) ? atOnce(verdict) : verdict, new Trouble.Told(error));
  }

  /** One that must not be repeated: the caller has seen a part of the answer. */
  JudgedFailure brokenOff(LlmEndpoint endpoint, ProviderError error) {
    return new JudgedFailure(
        Verdict.permanent(error.kind().errorClass(), Blame.ENDPOINT),
        new Trouble.Told(withoutKey(endpoint, error)));
  }

  static JudgedFailure tooDear(Shortage shortage) {
    return new JudgedFailure(
        Verdict.permanent(ErrorClass.REJECTED, Blame.CALLER), new Trouble.TooDear(shortage));
  }

  static JudgedFailure other(RuntimeException failure) {
    return new JudgedFailure(
        Verdict.permanent(ErrorClass.OTHER, Blame.CALLER), new Trouble.Other(failure));
  }

  /** Some providers repeat the key that they refuse. */
  private static ProviderError withoutKey(LlmEndpoint endpoint, ProviderError error) {
    if (!(endpoint.backend() instanceof Backend.Http http)) {
      return error;
    }
    String secret = secret(http);
    if (secret.length() < SHORTEST_KEY || !error.message().contains(secret)) {
      return error;
    }
    return new ProviderError(
        error.kind(),
        error.status(),
        error.code(),
        error.message().replace(secret, "***"),
        error.requestId(),
        error.hint(),
        error.again());
  }

  private static String secret(Backend.Http http) {
    try {
      return http.key().reveal();
    } catch (RuntimeException unset) {
      return "";
    }
  }

  Gate gate(LlmEndpoint endpoint) {
    return route.gate(endpoint);
  }
}
