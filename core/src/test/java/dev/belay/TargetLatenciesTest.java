package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TargetLatenciesTest {
  private static final long UNKNOWN = -1;

  private final TargetLatencies latencies = new TargetLatencies();

  private void learn(String target) {
    for (int i = 0; i < 20; i++) {
      latencies.add(target, 1_000);
    }
  }

  private boolean isKnown(String target) {
    return latencies.percentile(target, 0.5, UNKNOWN) != UNKNOWN;
  }

  @Test
  void learnsNothingBeforeSomebodyAsks() {
    learn("a");

    assertThat(isKnown("a")).isFalse();
    learn("a");
    assertThat(isKnown("a")).isTrue();
  }

  @Test
  void forgetsTheTargetThatWasUsedLongestAgoWhenThereAreAThousand() {
    assertThat(isKnown("a")).isFalse();
    learn("a");
    learn("b");
    assertThat(isKnown("a")).isTrue();
    for (int i = 0; i < 999; i++) {
      learn("target " + i);
    }

    assertThat(isKnown("a")).isTrue();
    assertThat(isKnown("b")).isFalse();
    assertThat(isKnown("target 998")).isTrue();
  }
}
