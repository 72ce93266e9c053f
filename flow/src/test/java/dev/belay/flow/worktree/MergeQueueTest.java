package dev.belay.flow.worktree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class MergeQueueTest {
  @TempDir Path temp;
  private Worktrees worktrees;
  private MergeQueue queue;

  private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
  private final CountDownLatch first = new CountDownLatch(1);

  @BeforeEach
  void open() throws Exception {
    worktrees = Repo.at(temp.resolve("repo")).open();
    queue = new MergeQueue(worktrees);
  }

  private record Entered(Thread thread, FutureTask<Boolean> task) {}

  private Entered enter(int order, String name, MergeQueue.Work<Boolean> work) {
    int before = queue.length();
    var task = new FutureTask<>(() -> queue.inTurn(order, work));
    Thread thread = Thread.ofVirtual().name(name).start(task);
    while (queue.length() == before && !task.isDone()) {
      Thread.onSpinWait();
    }
    return new Entered(thread, task);
  }

  private Entered enter(int order, String name) {
    return enter(order, name, () -> done.add(name));
  }

  /** Holds the queue until {@link #first} is counted down. */
  private Entered hold() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    var task =
        new FutureTask<>(() ->
            queue.inTurn(
                0,
                () -> {
                  inside.countDown();
                  first.await();
                  return true;
                }));
    Thread thread = Thread.ofVirtual().start(task);
    inside.await();
    return new Entered(thread, task);
  }

  @Test
  void thoseThatWaitGoInTheOrderOfThePlanAndThenOfComing() throws Exception {
    List<Entered> all = new ArrayList<>(List.of(hold()));
    all.add(enter(3, "c"));
    all.add(enter(1, "a1"));
    all.add(enter(2, "b"));
    all.add(enter(1, "a2"));

    first.countDown();
    for (Entered entered : all) {
      assertThat(entered.task().get()).isTrue();
    }

    assertThat(done).containsExactly("a1", "a2", "b", "c");
  }

  @Test
  void oneThatIsInterruptedLeavesTheOthersTheirTurn() throws Exception {
    Entered holder = hold();
    Entered one = enter(1, "one");
    Entered two = enter(2, "two");

    one.thread().interrupt();
    assertThatThrownBy(one.task()::get).hasCauseInstanceOf(InterruptedException.class);
    holder.thread().interrupt();

    assertThat(two.task().get()).isTrue();
    assertThat(done).containsExactly("two");
    assertThat(queue.length()).isZero();
  }

  @Test
  void aFailureGivesTheTurnOn() throws Exception {
    assertThatThrownBy(() ->
            queue.inTurn(
                1,
                () -> {
                  throw new WorktreeException("broken");
                }))
        .hasMessage("broken");

    assertThat(queue.inTurn(1, () -> "next")).isEqualTo("next");
  }

  @Test
  void neverTwoAtOnce() throws Exception {
    var inside = new AtomicInteger();
    List<Entered> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      MergeQueue.Work<Boolean> work =
          () -> inside.incrementAndGet() == 1 && inside.decrementAndGet() == 0;
      all.add(enter(i % 7, "t" + i, work));
    }
    for (Entered entered : all) {
      assertThat(entered.task().get()).isTrue();
    }
  }

  @Test
  void mergesWhatItIsGiven() throws Exception {
    Worktree task = worktrees.create("r", "t", 1, List.of());
    Repo.write(task.directory(), "new", "1");

    assertThat(queue.merge(1, task, MergeStrategy.MERGE, Favour.NEITHER))
        .isInstanceOf(MergeResult.Merged.class);
  }
}
