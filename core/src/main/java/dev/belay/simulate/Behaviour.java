package dev.belay.simulate;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;

/** What an endpoint does with what it is sent, as long as a {@link Phase} lasts. Immutable. */
public sealed interface Behaviour {

  /** The share of attempts that fail because of it, 0 to 1; of a quota, only if it is 0. */
  double failureRate();

  /** All is well. */
  static Behaviour works() {
    return new Answers(1, 503, 1);
  }

  /** A share of attempts succeeds, 0 to 1; the others are answered with 503. */
  static Behaviour works(double successRate) {
    return new Answers(successRate, 503, 1);
  }

  /** Everything is answered with this status, 500 to 599. */
  static Behaviour fails(int status) {
    return new Answers(0, status, 1);
  }

  /** Works, but takes so many times as long, 1 to 1,000. */
  static Behaviour slow(double times) {
    return new Answers(1, 503, times);
  }

  /** Accepts everything and answers nothing. */
  static Behaviour hangs() {
    return new Hangs();
  }

  /** Refuses connections. */
  static Behaviour refuses() {
    return new Refuses();
  }

  /** Answers all with 429 and that {@code Retry-After}. */
  static Behaviour throttles(Duration retryAfter) {
    return new Throttles(0, retryAfter);
  }

  /** Answers what exceeds so many attempts in a second with 429 and that {@code Retry-After}. */
  static Behaviour throttles(double perSecond, Duration retryAfter) {
    return new Throttles(perSecond, retryAfter);
  }

  /**
   * Answers everything.
   *
   * @param successRate share of good answers, 0 to 1
   * @param status of the others, 500 to 599
   * @param slowness by how much latency grows and capacity shrinks, as a factor, 1 to 1,000
   */
  record Answers(double successRate, int status, double slowness) implements Behaviour {
    /** Rejects values out of range. */
    public Answers {
      Check.that(
          successRate >= 0 && successRate <= 1, "success rate must be 0 to 1, was %s", successRate);
      Check.that(status >= 500 && status <= 599, "status must be 500 to 599, was %d", status);
      Check.that(
          slowness >= 1 && slowness <= 1_000, "slowness must be 1 to 1000, was %s", slowness);
    }

    @Override
    public double failureRate() {
      return 1 - successRate;
    }
  }

  /** Accepts everything and answers nothing. */
  record Hangs() implements Behaviour {
    @Override
    public double failureRate() {
      return 1;
    }
  }

  /** Refuses connections, at once. */
  record Refuses() implements Behaviour {
    @Override
    public double failureRate() {
      return 1;
    }
  }

  /**
   * Answers 429 to what is too much. What is saved up within a second may come at once.
   *
   * @param perSecond attempts that it takes, 0 (none) to 1,000,000
   * @param retryAfter what it says, above 0 and at most a day
   */
  record Throttles(double perSecond, Duration retryAfter) implements Behaviour {
    /** Rejects values out of range. */
    public Throttles {
      requireNonNull(retryAfter, "retryAfter");
      Check.that(
          perSecond >= 0 && perSecond <= 1e6, "quota must be 0 to 1000000, was %s", perSecond);
      Check.that(
          retryAfter.isPositive() && retryAfter.compareTo(Latency.LONGEST) <= 0,
          "retry_after must be above 0 and at most a day, was %s",
          retryAfter);
    }

    @Override
    public double failureRate() {
      return perSecond == 0 ? 1 : 0;
    }
  }
}
