package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class NumericHostTest {
  @Test
  void countsExactlyTheNumbersThatAResolverMightTakeForAnAddressAsPrivate() {
    Cases.check(
        2_000,
        NumericHostTest::anyLabel,
        label ->
            assertThat(new Target("example." + label, 80).isPrivate())
                .isEqualTo(label.matches("[0-9]+|0x[0-9a-f]*")));
  }

  private static String anyLabel(RandomGenerator random) {
    StringBuilder label = new StringBuilder(random.nextBoolean() ? "0x" : "1");
    int length = random.nextInt(5);
    for (int i = 0; i < length; i++) {
      label.append("0189afgx".charAt(random.nextInt(8)));
    }
    return label.toString();
  }
}
