package dev.belay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WarmUpVerbTest {
  @Test
  void runsQuietlyAndIsNotListed() {
    Shell shell = new Shell();

    assertThat(shell.run("warm-up")).isZero();
    assertThat(shell.out()).isEmpty();
    assertThat(shell.run("--help")).isZero();
    assertThat(shell.out()).contains("serve").doesNotContain("warm-up");
  }
}
