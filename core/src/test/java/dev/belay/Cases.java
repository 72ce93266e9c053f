package dev.belay;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Checks a property on many random cases; a failure names the seed that repeats it. */
public final class Cases {
  private Cases() {}

  public static <T> void check(int count, Function<RandomGenerator, T> any, Consumer<T> property) {
    long first = Long.getLong("cases.seed", System.nanoTime());
    for (long seed = first; seed < first + count; seed++) {
      T example = any.apply(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
      try {
        property.accept(example);
      } catch (Throwable failure) {
        throw new AssertionError("-Dcases.seed=%d gives %s".formatted(seed, example), failure);
      }
    }
  }
}
