package dev.belay.llm.delay;

import dev.belay.Hint;
import dev.belay.VirtualTime;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A day at a provider, in virtual time: a limit of requests in a minute, a crowd every hour, spells
 * of overload, errors here and there, an account that runs dry for a while. Run once with the old
 * waits and once with the new ones and a gate, on the same script.
 */
final class ScriptedDay {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final Duration REFUSAL = Duration.ofMillis(80);
  private static final int PER_MINUTE = 60;
  private static final int CROWD = 150;

  /**
   * What came of it.
   *
   * @param calls that were made
   * @param failedCalls that ended without an answer
   * @param attempts that were sent
   * @param errors attempts that failed
   * @param wasted attempts that failed within the time for which the provider had asked to wait
   * @param p95 of the time from the beginning of a call to its answer
   */
  record Result(int calls, int failedCalls, int attempts, int errors, int wasted, Duration p95) {}

  private final VirtualTime time = new VirtualTime();
  private final RandomGenerator script;
  private final RandomGenerator jitter;
  private final DelayPolicy policy;
  private final Optional<Gate> gate;
  private final Map<ErrorKind, Duration> toldUntil = new EnumMap<>(ErrorKind.class);
  private final List<Duration> lengths = new ArrayList<>();
  private long minute = -1;
  private int usedThisMinute;
  private int calls;
  private int failedCalls;
  private int attempts;
  private int errors;
  private int wasted;

  private ScriptedDay(DelayPolicy policy, boolean gated, long seed) {
    this.policy = policy;
    this.script = new SplittableRandom(seed);
    this.jitter = new SplittableRandom(seed + 1);
    this.gate =
        gated
            ? Optional.of(
                new Gates(GateRules.DEFAULT, time, Runnable::run)
                    .gate(new GateKey("provider", "account", "model", "")))
            : Optional.empty();
  }

  /** The day with the waits of before. */
  static Result before(long seed) {
    return new ScriptedDay(DelayPolicy.legacy(), false, seed).run();
  }

  /** The day with the new waits. */
  static Result after(long seed) {
    return new ScriptedDay(DelayPolicy.of(DelaySettings.of(Preset.BATCH)), true, seed).run();
  }

  private Result run() {
    for (Duration at = Duration.ZERO; at.compareTo(DAY) < 0; at = at.plus(gap())) {
      arrive(at);
    }
    for (int hour = 0; hour < 24; hour++) {
      for (int i = 0; i < CROWD; i++) {
        arrive(Duration.ofHours(hour).plusMinutes(20).plusMillis(script.nextInt(2_000)));
      }
    }
    time.run();
    lengths.sort(null);
    Duration p95 = lengths.get((int) (lengths.size() * 0.95));
    return new Result(calls, failedCalls, attempts, errors, wasted, p95);
  }

  private Duration gap() {
    return Duration.ofMillis(1_000 + script.nextInt(8_000));
  }

  private void arrive(Duration at) {
    calls++;
    time.after(at.toNanos(), Runnable::run, () -> new Caller(time.passed()).begin());
  }

  /** What the provider says to one request; nothing if it answers. */
  private Optional<ProviderError> provider() {
    Duration now = time.passed();
    long hour = now.toHours();
    boolean overloaded = hour % 6 == 3 && now.toMinutesPart() < 5;
    boolean dry = hour == 20 && now.toMinutesPart() < 10;
    if (dry) {
      return Optional.of(ProviderError.of(ErrorKind.QUOTA_EXHAUSTED, "no credit"));
    }
    if (overloaded) {
      return Optional.of(told(ErrorKind.OVERLOADED, Duration.ofSeconds(45)));
    }
    if (now.toMinutes() != minute) {
      minute = now.toMinutes();
      usedThisMinute = 0;
    }
    if (++usedThisMinute > PER_MINUTE) {
      Duration next = Duration.ofMinutes(minute + 1).minus(now);
      return Optional.of(told(ErrorKind.RATE_LIMIT, next));
    }
    int luck = jitter.nextInt(1_000);
    if (luck < 10) {
      return Optional.of(ProviderError.of(ErrorKind.SERVER_ERROR, "internal"));
    }
    return luck < 15 ? Optional.of(ProviderError.of(ErrorKind.NETWORK, "reset")) : Optional.empty();
  }

  private static ProviderError told(ErrorKind kind, Duration wait) {
    Duration whole = Duration.ofSeconds(wait.plusMillis(999).toSeconds());
    return ProviderError.of(kind, "later")
        .withHint(Hint.after(whole, "Retry-After: " + whole.toSeconds()));
  }

  /** Somebody who wants one answer. */
  private final class Caller {
    private final Duration since;
    private final Map<ErrorKind, Integer> failures = new EnumMap<>(ErrorKind.class);

    Caller(Duration since) {
      this.since = since;
    }

    private Duration left() {
      Duration left = PATIENCE.minus(time.passed().minus(since));
      return left.isNegative() ? Duration.ZERO : left;
    }

    void begin() {
      if (gate.isEmpty()) {
        send();
        return;
      }
      var unused =
          gate.get()
              .enter(GateEntry.within(left()))
              .thenAccept(admission -> {
                if (admission instanceof Admission.Granted) {
                  send();
                } else {
                  failedCalls++;
                }
              });
    }

    private void send() {
      attempts++;
      Duration sent = time.passed();
      Optional<ProviderError> error = provider();
      Duration takes = error.isEmpty() ? ANSWER : REFUSAL;
      time.after(
          takes.toNanos(),
          Runnable::run,
          () -> {
            if (error.isEmpty()) {
              lengths.add(time.passed().minus(since));
            } else {
              failed(error.get(), sent);
            }
          });
    }

    private void failed(ProviderError error, Duration sent) {
      errors++;
      Duration until = toldUntil.getOrDefault(error.kind(), Duration.ZERO);
      wasted += sent.compareTo(until) < 0 ? 1 : 0;
      if (error.hint().isPresent()) {
        Duration told = time.passed().plus(error.hint().after());
        toldUntil.merge(error.kind(), told, (a, b) -> a.compareTo(b) > 0 ? a : b);
        gate.ifPresent(closed -> closed.close(error.hint().after(), error.hint().source()));
      }
      int before = failures.merge(error.kind(), 1, Integer::sum) - 1;
      Situation situation = new Situation("provider", error, before, left(), time.instant());
      if (policy.decide(situation, jitter) instanceof Decision.Retry retry) {
        time.after(retry.after().toNanos(), Runnable::run, this::begin);
      } else {
        failedCalls++;
      }
    }
  }
}
