package dev.belay.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Belay;
import dev.belay.BreakerPolicy;
import dev.belay.Call;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.Hedge;
import dev.belay.Pool;
import dev.belay.RetryPolicy;
import dev.belay.SharedRandom;
import dev.belay.VirtualTime;
import dev.belay.select.BestRecent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The code that stands in the documents, run as it stands there. */
class SnippetsTest {
  @Test
  void guardsOneThing() throws Exception {
    Belay<Endpoint> payments = Belay.of("payments");

    String receipt = payments.call(() -> pay(42));

    assertThat(receipt).isEqualTo("paid 42");
  }

  private static String pay(int amount) {
    return "paid " + amount;
  }

  @Test
  void failsOverAmongReplicas() throws Exception {
    Pool<Endpoint> replicas =
        Pool.of("replicas", new BestRecent(), List.of(Endpoint.of("east"), Endpoint.of("west")));
    Belay<Endpoint> reads =
        Belay.over(replicas)
            .policy(
                RetryPolicy.named("reads")
                    .maxAttempts(4)
                    .timeout(Duration.ofSeconds(2))
                    .immediateFailover(true)
                    .hedge(Hedge.percentile(0.95, Duration.ofMillis(20)))
                    .build())
            .build();

    String page = reads.call(Call.DEFAULT, attempt -> read(attempt.endpoint().name()));

    assertThat(page).isEqualTo("from west");
  }

  private static String read(String replica) throws IOException {
    if (replica.equals("east")) {
      throw new IOException("east is down");
    }
    return "from " + replica;
  }

  @Test
  void turnsTheClock() throws Exception {
    VirtualTime time = new VirtualTime();
    Belay<Endpoint> belay =
        Belay.guard(new Endpoint("flaky", Endpoint.Traits.NONE, breaker(time))).time(time).build();

    String value = belay.call(failingTwice());

    assertThat(value).isEqualTo("at last");
    assertThat(time.passed()).isEqualTo(Duration.ofSeconds(3));
  }

  private static CircuitBreaker breaker(VirtualTime time) {
    return new CircuitBreaker(
        "flaky", BreakerPolicy.DEFAULT, time, SharedRandom.INSTANCE, event -> {});
  }

  private static Callable<String> failingTwice() {
    AtomicInteger calls = new AtomicInteger();
    return () -> {
      if (calls.incrementAndGet() <= 2) {
        throw new IOException("not yet");
      }
      return "at last";
    };
  }
}
