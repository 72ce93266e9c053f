package dev.belay.simulate;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long an endpoint takes to answer, as a distribution. Immutable. */
public sealed interface Latency {
  /** The longest that any of them may be asked for. */
  Duration LONGEST = Duration.ofDays(1);

  /** One answer's time in nanoseconds, at least 0 and at most a day. */
  long draw(RandomGenerator random);

  /**
   * Always the same.
   *
   * @param length 0 to a day
   */
  record Fixed(Duration length) implements Latency {
    /** Rejects lengths out of range. */
    public Fixed {
      check("latency", length);
    }

    @Override
    public long draw(RandomGenerator random) {
      return length.toNanos();
    }
  }

  /**
   * Each length between two, as likely as the next.
   *
   * @param least 0 to a day
   * @param most at least {@code least}, at most a day
   */
  record Uniform(Duration least, Duration most) implements Latency {
    /** Rejects lengths out of range. */
    public Uniform {
      check("least latency", least);
      check("most latency", most);
      Check.that(
          most.compareTo(least) >= 0,
          "most latency must be at least the least (%s), was %s",
          least,
          most);
    }

    @Override
    public long draw(RandomGenerator random) {
      long from = least.toNanos();
      long width = most.toNanos() - from;
      return width == 0 ? from : from + random.nextLong(width);
    }
  }

  /**
   * Its logarithm is normal: most answers near the median, few much later; what networks show.
   *
   * @param median above 0 and at most a day
   * @param sigma standard deviation of the logarithm, 0 to 3; at 0.5 the slowest 1 % take at least
   *     3.2 times the median
   */
  record LogNormal(Duration median, double sigma) implements Latency {
    /** Rejects values out of range. */
    public LogNormal {
      check("median latency", median);
      Check.that(median.isPositive(), "median latency must be above 0, was %s", median);
      Check.that(sigma >= 0 && sigma <= 3, "sigma must be 0 to 3, was %s", sigma);
    }

    @Override
    public long draw(RandomGenerator random) {
      double factor = StrictMath.exp(sigma * normal(random));
      return (long) Math.min(median.toNanos() * factor, (double) LONGEST.toNanos());
    }

    /** Box and Muller, 1958, written out so that no JDK ever draws differently. */
    private static double normal(RandomGenerator random) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
      return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }
  }

  private static void check(String name, Duration length) {
    requireNonNull(length, name);
    Check.that(
        !length.isNegative() && length.compareTo(LONGEST) <= 0,
        "%s must be 0 to a day, was %s",
        name,
        length);
  }
}
