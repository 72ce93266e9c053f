package dev.belay.chaos.inject;

import dev.belay.Check;
import dev.belay.chaos.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a rule does to a request that it strikes. A delay comes first, and whatever else is said
 * comes after it.
 *
 * @param delayMs how much later the request goes on, at least 0; 0 is no delay, and a data plane
 *     waits no longer than {@link Effect#MAX_DELAY_MS}
 * @param abort the answer that the caller gets instead of the callee's
 * @param effects what else happens: no delay and no abort, and nothing twice
 */
public record Actions(long delayMs, Optional<Abort> abort, List<Effect> effects) {
  public Actions {
    effects = List.copyOf(effects);
    Check.that(delayMs >= 0, "delay.fixed_delay_ms must be >= 0, was %d", delayMs);
    Check.that(
        delayMs > 0 || abort.isPresent() || !effects.isEmpty(),
        "fault must have at least one action: a delay above 0, or an abort with its status");
    Check.that(
        effects.stream().map(Effect::kind).distinct().count() == effects.size(),
        "an effect must not be in a fault twice, was %s",
        effects);
    for (Effect effect : effects) {
      Check.that(
          !(effect instanceof Effect.Delay || effect instanceof Effect.Abort),
          "%s must be given as such, not among the other effects",
          effect);
    }
  }

  /**
   * An answer in place of the callee's.
   *
   * @param status 200 to 599
   * @param body what it says; none for the usual text
   */
  public record Abort(int status, Optional<String> body) {
    public Abort {
      Check.that(
          status >= 200 && status <= 599, "abort.httpStatus must be in 200..599, was %d", status);
    }
  }

  /** What it does, in words: {@code delay}, {@code abort}… */
  public List<String> kinds() {
    List<String> kinds = new ArrayList<>();
    if (delayMs > 0) {
      kinds.add("delay");
    }
    if (abort.isPresent()) {
      kinds.add("abort");
    }
    effects.forEach(effect -> kinds.add(effect.kind()));
    return kinds;
  }

  /** What one effect of a plan comes to. */
  public static Actions of(Effect effect) {
    return switch (effect) {
      case Effect.Delay delay -> new Actions(delay.by().toMillis(), Optional.empty(), List.of());
      case Effect.Abort abort ->
          new Actions(0, Optional.of(new Abort(abort.status(), Optional.empty())), List.of());
      case Effect.Reset reset -> new Actions(0, Optional.empty(), List.of(reset));
      case Effect.Throttle throttle -> new Actions(0, Optional.empty(), List.of(throttle));
      case Effect.Truncate truncate -> new Actions(0, Optional.empty(), List.of(truncate));
      case Effect.Corrupt corrupt -> new Actions(0, Optional.empty(), List.of(corrupt));
      case Effect.Rewrite rewrite -> new Actions(0, Optional.empty(), List.of(rewrite));
    };
  }
}
