package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Verdict;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The waits that are in force for a call: new or old, as the rollout says, with the other ones in
 * the shadow. Safe for any number of threads if the randomness is.
 */
public final class RolloutDelays {
  private static final Duration FOREVER = Duration.ofDays(366);

  private final Rollout rollout;
  private final Supplier<DelaySettings> settings;
  private final DelayPolicy legacy = DelayPolicy.legacy();
  private final RandomGenerator shadowRandom;
  private final ArmTelemetry telemetry;
  private volatile Made made;

  private record Made(DelaySettings from, DelayPolicy policy) {}

  /**
   * Waits by a rollout.
   *
   * @param settings asked for each call
   * @param shadowRandom for what only would have been, so that what is stays as it was
   */
  public RolloutDelays(
      Rollout rollout,
      Supplier<DelaySettings> settings,
      RandomGenerator shadowRandom,
      ArmTelemetry telemetry) {
    this.rollout = requireNonNull(rollout, "rollout");
    this.settings = requireNonNull(settings, "settings");
    this.shadowRandom = requireNonNull(shadowRandom, "shadowRandom");
    this.telemetry = requireNonNull(telemetry, "telemetry");
    DelaySettings first = settings.get();
    this.made = new Made(first, DelayPolicy.of(first));
  }

  /** What holds for all, asked for each call. */
  public DelaySettings settings() {
    return settings.get();
  }

  /** Decides for whom the new waits are in force; is to be told how calls end. */
  public Rollout rollout() {
    return rollout;
  }

  /** Counts. */
  public ArmTelemetry telemetry() {
    return telemetry;
  }

  /**
   * The waits for one call: ask for them once for each. All its attempts go by the same, but for
   * the switch, which counts at once.
   */
  public DelayPolicy policy(String key) {
    return new ForOneCall(key);
  }

  private DelayPolicy dynamic() {
    DelaySettings now = settings.get();
    Made last = made;
    if (!last.from.equals(now)) {
      last = new Made(now, DelayPolicy.of(now));
      made = last;
    }
    return last.policy;
  }

  private final class ForOneCall implements DelayPolicy {
    private final String key;
    private final Map<ErrorKind, Integer> failures = new ConcurrentHashMap<>();

    ForOneCall(String key) {
      this.key = requireNonNull(key, "key");
    }

    @Override
    public String name() {
      return rollout.mode(key) == Rollout.Mode.ON ? dynamic().name() : legacy.name();
    }

    @Override
    public Decision decide(Situation situation, RandomGenerator random) {
      return switch (rollout.mode(key)) {
        case ON -> dynamic().decide(situation, random);
        case OFF -> legacy.decide(situation, random);
        case SHADOW -> {
          Decision real = legacy.decide(situation, random);
          Decision would = dynamic().decide(situation, shadowRandom);
          telemetry.baseline().shadow(situation.error().kind(), real, would);
          yield real;
        }
      };
    }

    @Override
    public Verdict verdict(String provider, ProviderError error, RandomGenerator random) {
      return switch (rollout.mode(key)) {
        case ON -> dynamic().verdict(provider, error, random);
        case OFF -> legacy.verdict(provider, error, random);
        case SHADOW -> {
          shadow(provider, error);
          yield legacy.verdict(provider, error, random);
        }
      };
    }

    /** Core counts failures by itself; what would have been needs a count of its own. */
    private void shadow(String provider, ProviderError error) {
      int failure = failures.merge(error.kind(), 1, Integer::sum) - 1;
      Situation situation = new Situation(provider, error, failure, FOREVER, Instant.EPOCH);
      telemetry
          .baseline()
          .shadow(
              error.kind(),
              legacy.decide(situation, shadowRandom),
              dynamic().decide(situation, shadowRandom));
    }
  }
}
