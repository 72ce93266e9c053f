package dev.belay.bench.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OverheadTest {
  private static final OverheadCell.Conditions CONDITIONS =
      new OverheadCell.Conditions(Duration.ofMillis(20), 10, 1_000, 4);

  @Test
  void bothSidesAskTheSameUpstreamAsOften() throws Exception {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

    OverheadCell cell =
        new Overhead(
                nowhere, new Overhead.Effort(40, 2, 4, List.of(10), List.of(CONDITIONS.latency())))
            .measure(CONDITIONS, 2);

    assertThat(cell.managed()).hasSize(16);
    assertThat(cell.direct()).hasSize(16);
    assertThat(cell.control()).hasSize(16);
    assertThat(cell.directMillis()).isGreaterThanOrEqualTo(20);
  }

  private static OverheadCell cell(long managedMicros, long directMicros) {
    List<Long> direct = List.of(directMicros * 1_000);
    return new OverheadCell(CONDITIONS, List.of(managedMicros * 1_000), direct, direct);
  }

  @Test
  void theBarsAreATenthAndHalfAMillisecond() {
    assertThat(cell(20_400, 20_000).met()).isTrue();
    assertThat(cell(20_600, 20_000).met()).isFalse();
    assertThat(cell(2_300, 2_000).met()).isFalse();
  }

  @Test
  void saysWhenTheMachineIsTheLimit() {
    assertThat(cell(90_000, 40_000).markdown()).contains("saturated");
    assertThat(cell(21_000, 20_000).markdown()).endsWith("| **no** |");
  }
}
