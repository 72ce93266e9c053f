package dev.belay.server.cli.policy;

import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.ErrorClass;
import dev.belay.Jitter;
import dev.belay.RetryPolicy;
import dev.belay.server.config.BelayConfig;
import dev.belay.settings.DurationText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The parts of a plan in words. */
final class PlanWords {
  private PlanWords() {}

  static String retry(RetryPolicy policy) {
    if (policy.maxAttempts() == 1) {
      return "1 attempt, no retry";
    }
    Backoff backoff = policy.backoff();
    String jitter =
        backoff.jitter() == Jitter.NONE ? "no jitter" : lower(backoff.jitter()) + " jitter";
    return "%d attempts, %s from %s, at most %s, %s"
        .formatted(
            policy.maxAttempts(),
            lower(backoff.shape()),
            DurationText.of(backoff.base()),
            DurationText.of(backoff.cap()),
            jitter);
  }

  static String budget(BelayConfig.Budget budget) {
    return "each call adds %s and each second %s, each retry takes 1; at most %d saved up"
        .formatted(plain(budget.share()), plain(budget.reservePerSecond()), budget.capacity());
  }

  static String breaker(BreakerPolicy policy) {
    return "opens on %s, for %s; %d good %s"
        .formatted(
            String.join(" or ", trips(policy)),
            DurationText.of(policy.open().base()),
            policy.probe().successes(),
            policy.probe().successes() == 1 ? "probe closes it" : "probes close it");
  }

  private static List<String> trips(BreakerPolicy policy) {
    BreakerPolicy.Trip trip = policy.trip();
    String window =
        policy.window().calls() > 0
            ? "the last %d calls".formatted(policy.window().calls())
            : DurationText.of(policy.window().length());
    List<String> trips = new ArrayList<>();
    if (trip.failures() > 0) {
      trips.add("%d failures in %s".formatted(trip.failures(), window));
    }
    if (trip.failureRate() > 0) {
      trips.add("%s %% failures in %s".formatted(percent(trip.failureRate()), window));
    }
    if (trip.consecutive() > 0) {
      trips.add("%d failures in a row".formatted(trip.consecutive()));
    }
    if (trip.slowRate() > 0) {
      trips.add(
          "%s %% calls of %s and longer in %s"
              .formatted(percent(trip.slowRate()), DurationText.of(trip.slowCall()), window));
    }
    return trips;
  }

  /** Kinds of failure worth another attempt, those that fit. */
  static List<String> classes(RetryPolicy policy, Predicate<ErrorClass> fits) {
    return new TreeSet<>(policy.retryClasses())
        .stream().filter(fits).map(PlanWords::lower).toList();
  }

  private static String percent(double share) {
    return plain(share * 100);
  }

  /** {@code 10} rather than {@code 10.0}. */
  private static String plain(double number) {
    return number == Math.rint(number) ? "%.0f".formatted(number) : String.valueOf(number);
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
