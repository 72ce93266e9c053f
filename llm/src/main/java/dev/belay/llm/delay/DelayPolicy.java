package dev.belay.llm.delay;

import dev.belay.Verdict;
import dev.belay.llm.ProviderError;
import java.util.random.RandomGenerator;

/**
 * What to do after an attempt has failed, and how long to wait first. Does no I/O and reads no
 * clock. Immutable, safe for any number of threads if the randomness is.
 */
public interface DelayPolicy {

  /** By which reports and metrics call it. */
  String name();

  /** What to do now. */
  Decision decide(Situation situation, RandomGenerator random);

  /**
   * The same for {@code core}, which counts attempts, knows other endpoints, and waits: whether the
   * error is worth another attempt, whose fault it is, when to come back, and at which pace.
   *
   * @param provider the user's word for it
   * @param random the jitter of hints; the pace of the verdict may draw from it later
   */
  Verdict verdict(String provider, ProviderError error, RandomGenerator random);

  /** The waits that the settings describe; {@link #legacy} if they name that preset. */
  static DelayPolicy of(DelaySettings settings) {
    return settings.preset() == Preset.LEGACY ? legacy() : new DynamicDelays(settings);
  }

  /**
   * The waits of before: 60 s doubling to 300 s for rate limits and overload, 5 s more each time to
   * 30 s for servers and networks, both times 0.5 to 1.5 after their cap, in whole seconds; three
   * retries; nothing for all else. Listens to no hint and no setting.
   */
  static DelayPolicy legacy() {
    return new LegacyDelays();
  }
}
