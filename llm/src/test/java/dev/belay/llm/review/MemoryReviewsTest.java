package dev.belay.llm.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.VirtualTime;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MemoryReviewsTest extends ReviewQueueContract {
  private final List<ReviewState> told = new ArrayList<>();

  @Override
  protected ReviewQueue queue(VirtualTime time) {
    return queue(time, 100);
  }

  private ReviewQueue queue(VirtualTime time, int capacity) {
    return new MemoryReviews(
        time, Runnable::run, new Random(1), capacity, item -> told.add(item.state()));
  }

  @Test
  void makesRoomByForgettingTheOldestThatIsSettled() {
    ReviewQueue small = queue(time, 2);
    String first = small.park(parked("a"), HOUR).ticket();
    String second = small.park(parked("b"), HOUR).ticket();
    assertThatThrownBy(() -> small.park(parked("c"), HOUR))
        .isInstanceOf(ReviewException.class)
        .hasMessageContaining("2 calls wait for review already");

    small.decide(second, new Decision.Approve(), "ann");
    small.park(parked("c"), HOUR);

    assertThat(small.find(first)).isPresent();
    assertThat(small.find(second)).isEmpty();
  }

  @Test
  void tellsOfEachChangeOnceAndSurvivesANotifierThatFails() {
    ReviewQueue queue = queue(time, 10);
    String ticket = queue.park(parked("a"), HOUR).ticket();
    queue.decide(ticket, new Decision.Approve(), "ann");
    queue.decide(ticket, new Decision.Approve(), "ann");
    queue.park(parked("a"), HOUR);
    time.advance(HOUR);
    assertThat(told)
        .containsExactly(
            ReviewState.OPEN, ReviewState.APPROVED, ReviewState.OPEN, ReviewState.EXPIRED);

    ReviewQueue deaf =
        new MemoryReviews(
            time,
            Runnable::run,
            new Random(1),
            10,
            item -> {
              throw new IllegalStateException("mail is down");
            });

    assertThat(deaf.find(deaf.park(parked("a"), HOUR).ticket())).isPresent();
  }

  @Test
  void ofManyWhoDecideAtOnceOneWinsAndAllSeeTheSame() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ReviewQueue queue =
          new MemoryReviews(
              Time.system(), threads, new SecureRandom(), 1_000, ReviewNotifier.NOBODY);
      for (int round = 0; round < 50; round++) {
        String ticket = queue.park(parked("a"), HOUR).ticket();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> won = new ArrayList<>();
        List<Future<ReviewItem>> seen = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          Decision mine = new Decision.Retry("note " + i, 1);
          seen.add(threads.submit(() -> queue.settled(ticket).toCompletableFuture().get()));
          won.add(
              threads.submit(() -> {
                start.await();
                try {
                  queue.decide(ticket, mine, "ann");
                  return true;
                } catch (ReviewException late) {
                  return false;
                }
              }));
        }

        start.countDown();

        int winners = 0;
        for (Future<Boolean> each : won) {
          winners += each.get() ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
        for (Future<ReviewItem> each : seen) {
          assertThat(each.get()).isEqualTo(queue.find(ticket).orElseThrow());
        }
      }
    }
  }
}
