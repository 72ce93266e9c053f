package dev.belay.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorMetrics;
import dev.belay.chaos.inject.client.ExecutorSettings;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExecutorUseTest {
  private final ExecutorUse use = new ExecutorUse();

  private ExecutorClient client(FaultyOrigin executor, String owner) {
    return use.counted(
        new ExecutorClient(
            ExecutorSettings.of(executor.uri("/"), owner),
            new ExecutorClient.Surroundings(
                Time.system(), new Random(1), Thread::startVirtualThread)));
  }

  @Test
  void whatClosedClientsHaveDoneStillCounts() throws Exception {
    try (FaultyOrigin executor = FaultyOrigin.start(Script.of(Reply.ok("{}")))) {
      assertThat(use.metrics().total()).isZero();
      assertThat(use.metrics().latency().p99()).isZero();
      ExecutorClient first = client(executor, "first");
      ExecutorClient second = client(executor, "second");
      first.sweep();
      first.sweep();
      use.close(first);
      Duration ofFirst = use.metrics().latency().p99();
      second.sweep();

      ExecutorMetrics all = use.metrics();

      assertThat(ofFirst).isPositive().isEqualTo(first.metrics().latency().p99());
      // each client finds out once what kind of executor it is
      assertThat(all.total()).isEqualTo(2 + 3);
      assertThat(all.success() + all.failed()).isEqualTo(all.total());
      assertThat(all.latency().calls())
          .containsAll(first.metrics().latency().calls())
          .containsAll(second.metrics().latency().calls())
          .hasSize(5);
      use.close(second);
      use.close(second);
      assertThat(use.metrics()).isEqualTo(all);
    }
  }
}
