package dev.belay.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.RetryPolicy;
import dev.belay.VirtualTime;
import dev.belay.proxy.PolicyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DefaultPolicyTest {
  private static final RetryPolicy FIVE = RetryPolicy.named("default").maxAttempts(5).build();

  private final VirtualTime time = new VirtualTime();
  private final EventFeed feed = new EventFeed(time);
  private final List<Map<String, RetryPolicy>> used = new ArrayList<>();
  private final PolicyStore store = PolicyStore.inMemory();
  private final DefaultPolicy policy =
      new DefaultPolicy(
          Map.of("default", RetryPolicy.DEFAULT, "critical", RetryPolicy.critical()),
          time,
          feed,
          store);

  @BeforeEach
  void listen() {
    policy.tell(used::add);
  }

  @Test
  void replacesTheDefaultAndLeavesTheOthers() {
    policy.change(current -> Optional.of(FIVE));

    assertThat(policy.current().policy()).isEqualTo(FIVE);
    assertThat(used.getLast())
        .isEqualTo(Map.of("default", FIVE, "critical", RetryPolicy.critical()));
  }

  @Test
  void noTwoVersionsHaveTheSameTimeEvenIfTheClockStands() {
    Instant first = policy.current().updatedAt();
    Instant second = policy.change(current -> Optional.of(FIVE)).orElseThrow().updatedAt();
    Instant third = policy.change(current -> Optional.of(FIVE)).orElseThrow().updatedAt();

    assertThat(second).isAfter(first);
    assertThat(third).isAfter(second);
  }

  @Test
  void aConfigurationThatSaysTheSameChangesNothing() {
    Instant before = policy.current().updatedAt();
    policy.configure(Map.of("default", RetryPolicy.DEFAULT));

    assertThat(policy.current().updatedAt()).isEqualTo(before);
    assertThat(feed.latest()).isZero();
    assertThat(used.getLast()).containsOnlyKeys("default");
  }

  @Test
  void whatWasSetHoldsOverTheSameConfiguration() {
    policy.change(current -> Optional.of(FIVE));
    policy.configure(Map.of("default", RetryPolicy.DEFAULT));

    assertThat(policy.current().policy()).isEqualTo(FIVE);
  }

  @Test
  void whatWasSetIsThereAfterARestart() {
    policy.change(current -> Optional.of(FIVE));
    DefaultPolicy again =
        new DefaultPolicy(Map.of("default", RetryPolicy.DEFAULT), time, feed, store);
    again.load();

    assertThat(again.current().policy()).isEqualTo(FIVE);
  }

  @Test
  void aNewConfigurationReplacesWhatWasSet() {
    RetryPolicy four = RetryPolicy.named("default").maxAttempts(4).build();
    policy.change(current -> Optional.of(FIVE));
    policy.configure(Map.of("default", four));

    assertThat(policy.current().policy()).isEqualTo(four);
    assertThat(feed.after(0, 9).events())
        .extracting(event -> event.data().getString("source"))
        .containsExactly("api", "configuration");
  }

  @Test
  void aChangeThatFailsChangesNothing() {
    assertThatThrownBy(() ->
            policy.change(current -> {
              throw new IllegalArgumentException("no");
            }))
        .hasMessage("no");
    assertThat(policy.change(current -> Optional.empty())).isEmpty();
    assertThatThrownBy(() -> policy.change(current -> Optional.of(RetryPolicy.NONE)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(policy.current().policy()).isEqualTo(RetryPolicy.DEFAULT);
    assertThat(used).hasSize(1);
  }
}
