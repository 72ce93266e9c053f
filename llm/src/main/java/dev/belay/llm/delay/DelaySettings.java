package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.RetryPolicy;
import dev.belay.llm.ErrorKind;
import java.time.Duration;
import java.util.Map;

/**
 * All that can be set of the waits: the section {@code lovable_patterns.p1_dynamic_retry_delays} of
 * {@code models.yaml}. Immutable, safe for any number of threads.
 *
 * @param enabled whether the new waits are in force, for as many as the rollout says
 * @param preset what values came from that the file does not name
 * @param rollout for whom
 * @param hints what is done with hints
 * @param budget what one call may cost
 * @param classes the rule for every kind of failure
 * @param providers what holds for one provider only
 */
public record DelaySettings(
    boolean enabled,
    Preset preset,
    RolloutPlan rollout,
    HintRules hints,
    Spending budget,
    Map<ErrorKind, ClassRule> classes,
    Map<String, ProviderRules> providers) {

  /** The new waits for all, with the values of {@link Preset#INTERACTIVE}. */
  public static final DelaySettings DEFAULT = of(Preset.INTERACTIVE);

  /** The waits of before: what holds without a section in the file. */
  public static final DelaySettings OFF = DEFAULT.withEnabled(false);

  /** Keeps copies; rejects a kind without a rule. */
  public DelaySettings {
    requireNonNull(preset, "preset");
    requireNonNull(rollout, "rollout");
    requireNonNull(hints, "hints");
    requireNonNull(budget, "budget");
    classes = Map.copyOf(classes);
    providers = Map.copyOf(providers);
    for (ErrorKind kind : ErrorKind.values()) {
      requireNonNull(classes.get(kind), kind.name());
    }
  }

  /** In force for all, with the values of a preset. */
  public static DelaySettings of(Preset preset) {
    return new DelaySettings(
        true, preset, RolloutPlan.ALL, preset.hints(), preset.budget(), preset.classes(), Map.of());
  }

  /** The rule for a kind of failure of a provider. */
  public ClassRule rule(ErrorKind kind, String provider) {
    ClassRule general = requireNonNull(classes.get(kind), kind.name());
    return provider(provider).classes().getOrDefault(kind, general);
  }

  /** What holds for a provider only. */
  public ProviderRules provider(String name) {
    return providers.getOrDefault(name, ProviderRules.NONE);
  }

  /**
   * What these settings leave to {@code core}: attempts and time of a call, and the longest hint,
   * with room for the jitter on top of it.
   */
  public RetryPolicy.Builder applyTo(RetryPolicy.Builder policy) {
    Duration hint = hints.maxWait();
    return policy
        .maxAttempts(budget.attempts())
        .timeout(budget.deadline())
        .maxHintWait(hint.plus(UpwardJitter.most(hint)));
  }

  /** The same in force, or not. */
  public DelaySettings withEnabled(boolean enabled) {
    return new DelaySettings(enabled, preset, rollout, hints, budget, classes, providers);
  }

  /** The same for others. */
  public DelaySettings withRollout(RolloutPlan rollout) {
    return new DelaySettings(enabled, preset, rollout, hints, budget, classes, providers);
  }

  /** The same with other rules for hints. */
  public DelaySettings withHints(HintRules hints) {
    return new DelaySettings(enabled, preset, rollout, hints, budget, classes, providers);
  }
}
