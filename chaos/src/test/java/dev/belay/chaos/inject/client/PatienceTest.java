package dev.belay.chaos.inject.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.VirtualTime;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final Patience SHORT =
      Patience.DEFAULT
          .withRetries(new Patience.Retries(4, Duration.ofMillis(10), Duration.ofMillis(25), 0))
          .withRest(new Patience.Rest(2, Duration.ofSeconds(3)))
          .withHealth(Duration.ofSeconds(1));

  private final VirtualTime time = new VirtualTime();
  private final List<Duration> moments = new ArrayList<>();
  private boolean well;

  private ExecutorClient client() {
    return new ExecutorClient(
        ExecutorSettings.of(URI.create("http://127.0.0.1:1"), "s1").withPatience(SHORT),
        new ExecutorClient.Surroundings(time, new Random(5), Runnable::run),
        ask -> {
          moments.add(time.passed());
          if (well) {
            return new Wire.Answer(200, "{}");
          }
          throw new ConnectException("refused");
        },
        () -> {});
  }

  @Test
  void triesAsOftenAndWaitsAsLongAsItSays() {
    assertThatThrownBy(client()::sweep).isInstanceOf(ExecutorException.class);

    assertThat(moments)
        .containsExactly(
            Duration.ZERO, Duration.ofMillis(10), Duration.ofMillis(30), Duration.ofMillis(55));
  }

  @Test
  void leavesItAloneAfterAsManyFailuresForAsLong() throws Exception {
    ExecutorClient client = client();
    assertThat(client.checkHealth()).isFalse();
    assertThat(client.isOpen()).isFalse();
    time.advance(Duration.ofSeconds(1));
    assertThat(client.checkHealth()).isFalse();

    assertThat(client.isOpen()).isTrue();

    time.advance(Duration.ofSeconds(3));
    well = true;
    assertThat(client.checkHealth()).isTrue();
    assertThat(client.isOpen()).isFalse();
  }

  @Test
  void asksForHealthNoMoreOftenThanItSays() throws Exception {
    ExecutorClient client = client();
    well = true;
    assertThat(client.checkHealth()).isTrue();
    time.advance(Duration.ofMillis(999));
    assertThat(client.checkHealth()).isTrue();
    assertThat(moments).hasSize(1);
    time.advance(Duration.ofMillis(1));
    assertThat(client.checkHealth()).isTrue();
    assertThat(moments).hasSize(2);
  }

  @Test
  void knowsTheHealthOfAnExecutorThatItWatches() {
    ExecutorClient client = client();
    assertThat(client.wasWell()).isTrue();

    client.watchHealth();
    time.advance(Duration.ZERO);
    assertThat(client.wasWell()).isFalse();

    well = true;
    time.advance(Duration.ofSeconds(1));
    assertThat(client.wasWell()).isTrue();
    int asked = moments.size();
    client.close();
    time.advance(Duration.ofMinutes(1));
    assertThat(moments).hasSize(asked);
  }

  @Test
  void refusesWhatIsOutOfRangeAndSaysTheRange() {
    Duration second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Patience.Retries(11, second, second, 0))
        .withMessage("attempts must be in 1..10, was 11");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Patience.Retries(1, second, Duration.ofMillis(999), 0))
        .withMessage("longest wait must be in PT1S..PT10M, was PT0.999S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Patience.Retries(1, second, second, 101))
        .withMessage("jitter must be in 0..100 percent, was 101");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Patience.Rest(0, second))
        .withMessage("failures must be in 1..1000, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Patience.Timeouts(Duration.ofMillis(9), second))
        .withMessage("connect timeout must be in PT0.01S..PT1M, was PT0.009S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Patience.DEFAULT.withHealth(Duration.ofHours(2)))
        .withMessage("health interval must be in PT0.1S..PT1H, was PT2H");
  }
}
