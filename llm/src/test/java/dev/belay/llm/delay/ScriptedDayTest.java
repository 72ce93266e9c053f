package dev.belay.llm.delay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.delay.ScriptedDay.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The claim of the new waits: a third fewer errors, half the wasted calls, nothing slower. */
class ScriptedDayTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aDayGoesBetterWithTheNewWaits(long seed) {
    Result before = ScriptedDay.before(seed);
    Result after = ScriptedDay.after(seed);

    assertThat(before.calls()).isEqualTo(after.calls()).isGreaterThan(15_000);
    assertThat(after.errors()).as("%s / %s", before, after).isLessThan(before.errors() * 7 / 10);
    assertThat(after.wasted()).as("%s / %s", before, after).isLessThan(before.wasted() / 2);
    assertThat(after.failedCalls()).as("%s / %s", before, after).isLessThan(before.failedCalls());
    assertThat(after.p95()).as("%s / %s", before, after).isLessThanOrEqualTo(before.p95());
  }
}
