package dev.belay.chaos.inject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.VirtualTime;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.wire.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportsTest {
  private static StrikeReceipt receipt(String policy, int rule) {
    return new StrikeReceipt(
        policy, rule, "delay", new Edge("a", "b"), Optional.of("4bf9"), 1_800_000_000_000_000_001L);
  }

  @Test
  void keepsTheLastReceiptsByPolicy() {
    Receipts receipts = new Receipts(3);
    receipts.add(List.of(receipt("a", 0), receipt("a", 1), receipt("b", 0), receipt("a", 2)));

    assertThat(receipts.of("a")).extracting(StrikeReceipt::rule).containsExactly(1, 2);
    assertThat(receipts.of("")).hasSize(3);
    assertThat(receipts.count()).isEqualTo(4);
  }

  @Test
  void readsAReceiptBackToTheNanosecond() {
    StrikeReceipt receipt = receipt("a", 1);

    assertThat(StrikeReceipt.read(Json.read(Json.write(receipt.write())))).isEqualTo(receipt);
    assertThat(receipt.receipt())
        .isEqualTo(
            new Receipt(1, new Edge("a", "b"), Optional.of("4bf9"), 1_800_000_000_000_000_001L));
  }

  @Test
  void forgetsAgentsThatAreSilentForAnHour() {
    VirtualTime time = new VirtualTime();
    Agents agents = new Agents(time);
    agents.seen("one", List.of("cart"), 3);
    time.advance(Duration.ofMinutes(30));
    agents.seen("two", List.of("cart"), 4);

    assertThat(agents.within(Duration.ofSeconds(15)))
        .extracting(Agents.Agent::id)
        .containsExactly("two");
    assertThat(agents.all()).hasSize(2);
    time.advance(Duration.ofMinutes(31));
    assertThat(agents.all()).extracting(Agents.Agent::appliedVersion).containsExactly(4L);
  }
}
