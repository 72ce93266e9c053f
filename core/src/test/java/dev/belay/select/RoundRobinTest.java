package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Call;
import dev.belay.Cases;
import dev.belay.Endpoint;
import dev.belay.VirtualTime;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
  private final VirtualTime time = new VirtualTime();

  private record Rounds(int endpoints, int choices) {}

  @Test
  void takesOneAfterAnother() {
    var selection = new RoundRobin();
    List<Endpoint> candidates = Choices.endpoints(3, time);

    assertThat(selection.select(candidates, Call.DEFAULT)).hasToString("e0");
    assertThat(selection.select(candidates, Call.DEFAULT)).hasToString("e1");
    assertThat(selection.select(candidates, Call.DEFAULT)).hasToString("e2");
    assertThat(selection.select(candidates, Call.DEFAULT)).hasToString("e0");
  }

  @Test
  void isFairWithinOne() {
    Cases.check(
        100,
        random -> new Rounds(1 + random.nextInt(20), random.nextInt(500)),
        rounds -> {
          List<Endpoint> candidates = Choices.endpoints(rounds.endpoints(), time);
          var counts =
              Choices.count(rounds.choices(), new RoundRobin(), candidates, Call.DEFAULT).values();

          assertThat(Collections.max(counts) - Collections.min(counts)).isLessThanOrEqualTo(1);
        });
  }

  @Test
  void goesOnWhenCandidatesComeAndGo() {
    var selection = new RoundRobin();
    List<Endpoint> candidates = Choices.endpoints(3, time);

    for (int i = 0; i < 30; i++) {
      List<Endpoint> some = candidates.subList(0, 1 + i % 3);
      assertThat(some).contains(selection.select(some, Call.DEFAULT));
    }
  }

  @Test
  void isFairAmongThreads() throws InterruptedException {
    var selection = new RoundRobin();
    List<Endpoint> candidates = Choices.endpoints(7, time);
    var counts = new AtomicIntegerArray(7);
    var start = new CountDownLatch(1);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < 8; t++) {
        threads.execute(() -> {
          awaitQuietly(start);
          for (int i = 0; i < 7_000; i++) {
            Endpoint chosen = selection.select(candidates, Call.DEFAULT);
            counts.incrementAndGet(candidates.indexOf(chosen));
          }
        });
      }
      start.countDown();
    }

    for (int i = 0; i < 7; i++) {
      assertThat(counts.get(i)).isEqualTo(8_000);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
