package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatchdogTest {
  @Test
  void interruptsOnceAndTakesItBack() {
    Watchdog watchdog = new Watchdog();

    watchdog.run();

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(watchdog.stop()).isTrue();
    assertThat(Thread.interrupted()).isFalse();
    watchdog.run();
    assertThat(Thread.interrupted()).as("it was called off").isFalse();
  }

  @Test
  void anInterruptOfSomebodyElseIsHisAndStays() {
    Watchdog watchdog = new Watchdog();
    Thread.currentThread().interrupt();

    watchdog.run();

    assertThat(watchdog.stop()).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}
