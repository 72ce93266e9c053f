package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackoffTest {
  private static List<Long> seconds(Backoff backoff, int count) {
    return IntStream.range(0, count).mapToObj(i -> backoff.delay(i).toSeconds()).toList();
  }

  @Test
  void exponentialDoublesUpToTheCap() {
    assertThat(seconds(Backoff.exponential(Duration.ofSeconds(1)), 7))
        .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
  }

  @Test
  void linearAddsTheBase() {
    assertThat(seconds(Backoff.linear(Duration.ofSeconds(2)), 4)).containsExactly(2L, 4L, 6L, 8L);
  }

  @Test
  void fixedStaysTheSame() {
    assertThat(seconds(Backoff.fixed(Duration.ofSeconds(1)), 3)).containsExactly(1L, 1L, 1L);
  }

  @Test
  void fibonacciAddsTheTwoBefore() {
    assertThat(seconds(Backoff.fibonacci(Duration.ofSeconds(1)), 7))
        .containsExactly(1L, 1L, 2L, 3L, 5L, 8L, 13L);
  }

  @Test
  void customAsksTheUser() {
    Backoff custom = Backoff.custom(failure -> Duration.ofSeconds(10L - failure));
    assertThat(seconds(custom, 3)).containsExactly(10L, 9L, 8L);
    assertThat(custom.delay(20)).isZero();
  }

  @Test
  void aCapBelowTheBaseIsEveryWait() {
    Backoff backoff = Backoff.exponential(Duration.ofSeconds(5)).withCap(Duration.ofSeconds(1));
    assertThat(seconds(backoff, 3)).containsExactly(1L, 1L, 1L);
  }

  @Test
  void theMillionthFailureStillWaitsTheCap() {
    for (Backoff.Shape shape : Backoff.Shape.values()) {
      if (shape != Backoff.Shape.CUSTOM && shape != Backoff.Shape.FIXED) {
        Backoff backoff = Backoff.of(shape, Duration.ofSeconds(1));
        assertThat(backoff.delay(1_000_000)).isEqualTo(Duration.ofSeconds(30));
        assertThat(backoff.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(30));
      }
    }
  }

  private record Waits(Backoff backoff, long seed) {
    static Waits any(RandomGenerator random) {
      Backoff.Shape[] shapes = Backoff.Shape.values();
      Jitter[] jitters = Jitter.values();
      return new Waits(
          Backoff.of(shapes[random.nextInt(4)], Duration.ofMillis(100 + random.nextLong(60_000)))
              .withMultiplier(1.1 + random.nextDouble() * 8.9)
              .withCap(Duration.ofMillis(1_000 + random.nextLong(300_000)))
              .withJitter(jitters[random.nextInt(jitters.length)]),
          random.nextLong());
    }
  }

  @Test
  void noWaitIsAboveTheCapOrZero() {
    Cases.check(
        2_000,
        Waits::any,
        waits -> {
          RandomGenerator random =
              RandomGeneratorFactory.of("L64X128MixRandom").create(waits.seed());
          long previous = 0;
          for (int failure = 0; failure < 12; failure++) {
            previous = waits.backoff().draw(failure, previous, random);
            assertThat(previous).isPositive().isLessThanOrEqualTo(waits.backoff().cap().toNanos());
          }
        });
  }

  @Test
  void withoutJitterWaitsNeverShrink() {
    Cases.check(
        500,
        Waits::any,
        waits -> {
          for (int failure = 0; failure < 20; failure++) {
            assertThat(waits.backoff().delay(failure + 1))
                .isGreaterThanOrEqualTo(waits.backoff().delay(failure));
          }
        });
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void jitterDoesNotCollapseAtTheCap(Jitter jitter) {
    Backoff backoff = Backoff.exponential(Duration.ofSeconds(1)).withJitter(jitter);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    long cap = backoff.cap().toNanos();
    Set<Long> distinct = new HashSet<>();
    int onTheCap = 0;
    long previous = cap;
    for (int i = 0; i < 1_000; i++) {
      previous = backoff.draw(50, previous, random);
      distinct.add(previous);
      onTheCap += previous == cap ? 1 : 0;
    }
    assertThat(distinct).hasSizeGreaterThan(990);
    assertThat(onTheCap).isLessThan(5);
  }

  @Test
  void jitterDrawsFromItsRange() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    for (int i = 0; i < 1_000; i++) {
      assertThat(Jitter.NONE.spread(100, 50, 50, 1_000, random)).isEqualTo(100);
      assertThat(Jitter.PROPORTIONAL.spread(100, 50, 50, 1_000, random)).isBetween(50L, 150L);
      assertThat(Jitter.EQUAL.spread(100, 50, 50, 1_000, random)).isBetween(50L, 100L);
      assertThat(Jitter.FULL.spread(100, 50, 50, 1_000, random)).isBetween(1L, 100L);
      assertThat(Jitter.DECORRELATED.spread(100, 50, 200, 1_000, random)).isBetween(50L, 600L);
      assertThat(Jitter.DECORRELATED.spread(100, 50, 900, 1_000, random)).isBetween(50L, 1_000L);
      assertThat(Jitter.DECORRELATED.spread(40, 50, 50, 40, random)).isBetween(20L, 40L);
    }
  }

  @Test
  void refusalsNameFieldValueAndRange() {
    assertThatThrownBy(() -> Backoff.linear(Duration.ZERO))
        .hasMessage("base_delay must be above 0 and at most PT1H, was PT0S");
    assertThatThrownBy(() -> Backoff.linear(Duration.ofSeconds(1)).withMultiplier(1))
        .hasMessage("multiplier must be above 1 and at most 10, was 1.0");
    assertThatThrownBy(() -> Backoff.linear(Duration.ofSeconds(1)).withCap(Duration.ofDays(2)))
        .hasMessage("max_backoff_delay must be above 0 and at most PT24H, was PT48H");
    assertThatThrownBy(() -> Backoff.linear(Duration.ofSeconds(1)).withMultiplier(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
