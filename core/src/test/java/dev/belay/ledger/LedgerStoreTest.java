package dev.belay.ledger;

import static dev.belay.Verdict.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.BreakerState;
import dev.belay.StopReason;
import dev.belay.Verdict;
import dev.belay.VirtualTime;
import dev.belay.ledger.Timeseries.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LedgerStoreTest {
  private final VirtualTime time = new VirtualTime();
  private final AttemptLedger ledger = new AttemptLedger(time);

  private void live(AttemptLedger ledger) {
    var story = new Story(ledger, time);
    story.attempts(5, 1, SUCCESS);
    story.attempts(2, 1, Story.TIMEOUT);
    story.attempts(1, 1, Verdict.IGNORED);
    story.attempted("elsewhere", "patient", "other proxy", 2, SUCCESS);
    story.tooks(Duration.ofSeconds(3), 1);
    story.finished("host", "default", StopReason.SUCCESS, 5);
    story.finished("host", "default", StopReason.DEADLINE, 2);
    story.edge("proxy", BreakerState.CLOSED, BreakerState.OPEN);
  }

  private void liveThroughThreeHours() {
    live(ledger);
    time.advance(Duration.ofHours(2));
    live(ledger);
  }

  @Test
  void givesTheHoursInWhichAnythingHappened() {
    liveThroughThreeHours();

    assertThat(ledger.hourly())
        .extracting(HourRecord::hour)
        .containsExactly(
            Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-01T02:00:00Z"));
    assertThat(ledger.hourly(1)).hasSize(1);
    assertThat(ledger.hourly().getFirst().totals().attempts()).isEqualTo(10);
    assertThat(ledger.hourly().getFirst().endpoints()).containsOnlyKeys("proxy", "other proxy");
  }

  @Test
  void knowsAfterARestartWhatItKnewBefore() {
    liveThroughThreeHours();

    var restarted = new AttemptLedger(time);
    restarted.restore(ledger.hourly());

    assertThat(restarted.hourly()).isEqualTo(ledger.hourly());
    assertThat(restarted.summary(24)).isEqualTo(ledger.summary(24));
    assertThat(restarted.timeseries(24, Interval.HOUR))
        .isEqualTo(ledger.timeseries(24, Interval.HOUR));
    assertThat(restarted.byEndpoint(24)).isEqualTo(ledger.byEndpoint(24));
    assertThat(restarted.byPolicy(24)).isEqualTo(ledger.byPolicy(24));
    assertThat(restarted.byHost(24)).isEqualTo(ledger.byHost(24));
    assertThat(restarted.breakerEvents(24).counts()).isEqualTo(ledger.breakerEvents(24).counts());
  }

  @Test
  void addsToWhatItHasCountedItself() {
    liveThroughThreeHours();
    var restarted = new AttemptLedger(time);
    live(restarted);

    restarted.restore(ledger.hourly());

    assertThat(restarted.summary(24).totals().attempts()).isEqualTo(30);
  }

  @Test
  void leavesOutHoursThatAreTooOldOrNotYetThere() {
    liveThroughThreeHours();
    List<HourRecord> stored = ledger.hourly();

    time.advance(Duration.ofHours(23));
    var late = new AttemptLedger(time);
    late.restore(stored);
    assertThat(late.summary(24).totals().attempts()).isEqualTo(10);

    var early = new AttemptLedger(new VirtualTime());
    early.restore(stored);
    assertThat(early.summary(24).totals().attempts()).isEqualTo(10);
  }

  @Test
  void rejectsRecordsThatNoLedgerWrote() {
    HourRecord good = written();

    assertThatThrownBy(() -> record(good.hour().plusSeconds(1), good.latencies()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("hour must be a full one, was 2026-01-01T00:00:01Z");
    assertThatThrownBy(() -> record(good.hour(), List.of(1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there must be 97 latency buckets, were 1");
    assertThatThrownBy(() -> record(good.hour(), Collections.nCopies(97, -1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("latency counts must be 0 or more, was -1");
  }

  private HourRecord written() {
    live(ledger);
    return ledger.hourly().getFirst();
  }

  private static HourRecord record(Instant hour, List<Long> latencies) {
    return new HourRecord(
        hour,
        Totals.NONE,
        latencies,
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>());
  }
}
