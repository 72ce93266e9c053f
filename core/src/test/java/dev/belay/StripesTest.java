package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StripesTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "4, 2", "8, 5", "16, 8", "64, 34"})
  void threadsWhoseNumbersFollowOneAnotherCountInDifferentRows(int rows, int threads) {
    for (long first = 1; first < 10_000; first++) {
      assertThat(
              LongStream.range(first, first + threads)
                  .mapToObj(thread -> Stripes.place(thread, rows))
                  .toList())
          .doesNotHaveDuplicates()
          .allMatch(row -> row >= 0 && row < rows);
    }
  }
}
