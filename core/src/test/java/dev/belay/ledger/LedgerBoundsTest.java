package dev.belay.ledger;

import static dev.belay.Verdict.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.BreakerState;
import dev.belay.ErrorClass;
import dev.belay.VirtualTime;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LedgerBoundsTest {
  private final VirtualTime time = new VirtualTime();
  private final LedgerLimits few = new LedgerLimits(2, 3, 2, 4);
  private final AttemptLedger ledger = new AttemptLedger(few, time);
  private final Story story = new Story(ledger, time);

  private void attempt(int name) {
    story.attempted("host" + name, "policy" + name, "proxy" + name, 1, SUCCESS);
  }

  @Test
  void countsNamesThatDoNotFitAsOther() {
    for (int i = 0; i < 10; i++) {
      attempt(i);
      attempt(0);
      story.edge("proxy" + i, BreakerState.CLOSED, BreakerState.OPEN);
    }

    assertThat(ledger.byEndpoint(2).totals())
        .containsOnlyKeys("proxy0", "proxy1", "proxy2", "other");
    assertThat(ledger.byEndpoint(2).totals("proxy0").attempts()).isEqualTo(11);
    assertThat(ledger.byEndpoint(2).totals("other").attempts()).isEqualTo(7);
    assertThat(ledger.byPolicy(2).totals()).hasSize(3);
    assertThat(ledger.byHost(2).totals()).hasSize(5);
    assertThat(ledger.breakerEvents(2).counts()).hasSize(4);
    assertThat(ledger.summary(2).totals().attempts()).isEqualTo(20);
  }

  @Test
  void makesRoomWhenNamesHaveNothingLeftToTell() {
    attempt(0);
    attempt(1);
    time.advance(Duration.ofHours(2));
    attempt(1);
    attempt(2);
    attempt(3);
    assertThat(ledger.byEndpoint(2).totals())
        .containsOnlyKeys("proxy0", "proxy1", "proxy2", "other");

    time.advance(Duration.ofHours(1));
    attempt(4);
    attempt(5);

    assertThat(ledger.byEndpoint(2).totals())
        .containsOnlyKeys("proxy1", "proxy2", "proxy4", "other");
    assertThat(ledger.byEndpoint(2).totals("other").attempts()).isEqualTo(2);
  }

  @Test
  void countsAgainForANameThatCameBack() {
    for (int hour = 0; hour < 20; hour += 4) {
      for (int i = 0; i < 3; i++) {
        attempt(hour + i);
      }
      attempt(0);
      time.advance(Duration.ofHours(4));
    }
    attempt(0);

    assertThat(ledger.byEndpoint(2).totals()).containsOnlyKeys("proxy0");
  }

  @Test
  void countsNamesOfUnreasonableLengthAsOther() {
    story.attempted("h".repeat(301), "default", "proxy", 1, SUCCESS);
    story.attempted("h".repeat(300), "default", "proxy", 1, SUCCESS);

    assertThat(ledger.byHost(1).totals()).containsOnlyKeys("h".repeat(300), "other");
  }

  @Test
  void countsAnEndpointThatIsReallyCalledOtherThere() {
    story.attempted("other", "default", "proxy", 1, SUCCESS);

    assertThat(ledger.byHost(1).totals()).containsOnlyKeys("other");
  }

  @Test
  void canBeSetOneByOne() {
    var set = LedgerLimits.DEFAULT.withHours(2).withEndpoints(3).withPolicies(2).withHosts(4);

    assertThat(set).isEqualTo(few);
  }

  @Test
  void rejectsLimitsOutOfRange() {
    assertThatThrownBy(() -> few.withHours(169))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("retention_hours must be 1 to 168, was 169");
    assertThatThrownBy(() -> few.withHours(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> few.withEndpoints(0))
        .hasMessage("endpoints must be 1 to 1000000, was 0");
    assertThatThrownBy(() -> few.withPolicies(0))
        .hasMessage("policies must be 1 to 1000000, was 0");
    assertThatThrownBy(() -> few.withHosts(1_000_001))
        .hasMessage("hosts must be 1 to 1000000, was 1000001");
  }

  @Test
  void rejectsCountsThatCannotBe() {
    assertThatThrownBy(() -> new Requests(-1, 0, 0))
        .hasMessage("counts must be 0 or more, were -1, 0 and 0");
    assertThatThrownBy(() -> new BreakerHistory.Counts(0, -1))
        .hasMessage("counts must be 0 or more, were 0 and -1");
    assertThatThrownBy(() -> totals(Map.of(10, 1L), Map.of(), Duration.ZERO))
        .hasMessage("attempt must be 0 to 9, was 10");
    assertThatThrownBy(() -> totals(Map.of(1, -1L), Map.of(), Duration.ZERO))
        .hasMessageStartingWith("counts must be 0 or more");
    assertThatThrownBy(() -> totals(Map.of(), Map.of(ErrorClass.DNS, -1L), Duration.ZERO))
        .hasMessageStartingWith("counts must be 0 or more");
    assertThatThrownBy(() -> totals(Map.of(), Map.of(), Duration.ofNanos(-1)))
        .hasMessageStartingWith("times must be 0 or more");
  }

  private static Totals totals(
      Map<Integer, Long> successes, Map<ErrorClass, Long> failures, Duration latency) {
    return new Totals(Requests.NONE, new TreeMap<>(successes), failures, 0, latency, Duration.ZERO);
  }
}
