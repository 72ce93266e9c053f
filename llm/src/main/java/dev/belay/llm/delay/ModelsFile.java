package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is read from {@code models.yaml}. Under {@code lovable_patterns.p1_dynamic_retry_delays} a
 * key that is not known is an error; of the neighbours only what waits can use is read, and all
 * other keys belong to others and are left alone. Immutable.
 *
 * @param delays the waits
 * @param errors rows that come before the built-in ones, from {@code errors} beside the waits
 * @param quotas what each provider's account may spend in a week
 * @param onQuotaExhaustion the user's word for what happens then; empty if the file has none
 * @param fallbacks where to go instead
 */
public record ModelsFile(
    DelaySettings delays,
    List<ErrorRow> errors,
    Map<String, Quota> quotas,
    String onQuotaExhaustion,
    Fallbacks fallbacks) {

  /** What holds without a file. */
  public static final ModelsFile NONE =
      new ModelsFile(DelaySettings.OFF, List.of(), Map.of(), "", Fallbacks.NONE);

  /** Keeps copies. */
  public ModelsFile {
    requireNonNull(delays, "delays");
    requireNonNull(onQuotaExhaustion, "onQuotaExhaustion");
    requireNonNull(fallbacks, "fallbacks");
    errors = List.copyOf(errors);
    quotas = Map.copyOf(quotas);
  }

  /**
   * An allowance.
   *
   * @param weeklyTokens 0 or more
   * @param softRatio from which share of it on to spare it, 0 to 1
   */
  public record Quota(long weeklyTokens, double softRatio) {
    /** Rejects values out of range. */
    public Quota {
      Check.that(weeklyTokens >= 0, "weekly_token_cap must be 0 or more, was %d", weeklyTokens);
      Check.that(
          softRatio >= 0 && softRatio <= 1, "soft_limit_ratio must be 0 to 1, was %s", softRatio);
    }
  }

  /**
   * Where to go when a model cannot be had.
   *
   * @param general for any kind of task, best first
   * @param byCategory for some kinds of tasks
   * @param never kinds of tasks that never go elsewhere
   */
  public record Fallbacks(
      List<String> general, Map<String, List<String>> byCategory, Set<String> never) {
    /** Nowhere. */
    public static final Fallbacks NONE = new Fallbacks(List.of(), Map.of(), Set.of());

    /** Keeps copies. */
    public Fallbacks {
      general = List.copyOf(general);
      byCategory = Map.copyOf(byCategory);
      never = Set.copyOf(never);
    }

    /** Where a task of this kind goes, best first; nowhere if it never does. */
    public List<String> of(String category) {
      return never.contains(category) ? List.of() : byCategory.getOrDefault(category, general);
    }
  }

  /**
   * Reads a file.
   *
   * @param name of the file, for messages
   * @param text what is in it
   * @throws SettingsException that names line, key, value and range of all that is wrong
   */
  public static ModelsFile parse(String name, String text) {
    return new ModelsReader(name).read(text);
  }
}
