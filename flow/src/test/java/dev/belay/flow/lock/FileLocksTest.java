package dev.belay.flow.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class FileLocksTest {
  private final FileLocks locks = new FileLocks(Path.of("/project"));

  /** Asks on a thread of its own, and returns when that waits or has what it wants. */
  private Asking ask(String owner, Set<String> reads, Set<String> writes) {
    var task = new FutureTask<>(() -> locks.acquire(owner, reads, writes));
    Thread thread = Thread.ofVirtual().start(task);
    while (!task.isDone() && !isWaiting(owner)) {
      Thread.onSpinWait();
    }
    return new Asking(thread, task);
  }

  private boolean isWaiting(String owner) {
    return locks.waiting().stream().anyMatch(waiting -> waiting.owner().equals(owner));
  }

  private Asking ask(String owner, String... writes) {
    return ask(owner, Set.of(), Set.of(writes));
  }

  private record Asking(Thread thread, Future<Held> held) {
    Held get() throws InterruptedException, ExecutionException {
      try {
        return held.get(10, TimeUnit.SECONDS);
      } catch (java.util.concurrent.TimeoutException e) {
        throw new AssertionError("still waits", e);
      }
    }
  }

  @Test
  void aPathListedTwiceDoesNotLockOutItsOwner() throws Exception {
    Set<String> spellings = new LinkedHashSet<>(List.of("a", "./a", "b/../a", "a/", "/project/a"));

    Held held = locks.acquire("t", spellings);

    assertThat(held.writes()).containsExactly("a");
    held.close();
  }

  @Test
  void aDirectoryIsHeldWithAllThatIsInIt() throws Exception {
    Held first = locks.acquire("first", Set.of("src"));

    Asking second = ask("second", "src/main/X.java");
    assertThat(second.held().isDone()).isFalse();
    Asking other = ask("other", "test/X.java");
    assertThat(other.get().owner()).isEqualTo("other");

    first.close();
    assertThat(second.get().writes()).containsExactly("src/main/X.java");
  }

  @Test
  void readersShareAndWritersDoNot() throws Exception {
    Held first = locks.acquire("r1", Set.of("api.md"), Set.of("a"));
    Held second = locks.acquire("r2", Set.of("*.md"), Set.of("b"));
    Asking writer = ask("w", "api.md");
    assertThat(writer.held().isDone()).isFalse();

    first.close();
    assertThat(writer.held().isDone()).isFalse();
    second.close();

    assertThat(writer.get().writes()).containsExactly("api.md");
  }

  @Test
  void nobodyIsOvertakenByALaterOneThatWantsTheSame() throws Exception {
    Held reader = locks.acquire("r1", Set.of("a"), Set.of());
    Asking writer = ask("w", "a");
    Asking later = ask("r2", Set.of("a"), Set.of());

    assertThat(later.held().isDone()).isFalse();
    reader.close();
    Held written = writer.get();
    assertThat(later.held().isDone()).isFalse();
    written.close();
    assertThat(later.get().reads()).containsExactly("a");
  }

  @Test
  void aWaiterHoldsNothingMeanwhile() throws Exception {
    Held a = locks.acquire("one", Set.of("a"));
    Asking both = ask("two", "a", "b");

    // Behind "two" for b, in spite of b being free: fair before busy.
    Asking late = ask("three", "b");
    assertThat(locks.waiting())
        .containsExactly(
            new Waiting("two", List.of(), List.of("a", "b"), List.of("one")),
            new Waiting("three", List.of(), List.of("b"), List.of("two")));

    both.thread().interrupt();
    assertThat(late.get().writes()).containsExactly("b");
    a.close();
  }

  @Test
  void interruptedWhileWaitingLeavesNoTrace() throws Exception {
    Held held = locks.acquire("one", Set.of("a"));
    Asking waiter = ask("two", "a");

    waiter.thread().interrupt();

    assertThatThrownBy(waiter::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(locks.waiting()).isEmpty();
    held.close();
    locks.acquire("two", Set.of("a")).close();
    locks.acquire("three", Set.of("a")).close();
  }

  @Test
  void interruptedBeforehandTakesNothing() throws Exception {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> locks.acquire("one", Set.of("a")).close())
        .isInstanceOf(InterruptedException.class);
    locks.acquire("two", Set.of("a")).close();
  }

  @Test
  void closingTwiceGivesBackOnce() throws Exception {
    Held first = locks.acquire("one", Set.of("a"));
    first.close();
    Held second = locks.acquire("one", Set.of("a"));

    first.close();

    Asking other = ask("two", "a");
    assertThat(other.held().isDone()).isFalse();
    second.close();
    other.get().close();
  }

  @Test
  void anOwnerCanBeReleasedByName() throws Exception {
    Held lost = locks.acquire("crashed", Set.of("a"));
    Asking other = ask("two", "a");

    locks.release("crashed");
    locks.release("nobody");

    other.get().close();
    lost.close();
  }

  @Test
  void anOwnerThatHoldsMayNotAskForMore() throws Exception {
    Held held = locks.acquire("one", Set.of("a"));

    assertThatThrownBy(() -> locks.acquire("one", Set.of("b")).close())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ask for all of them at once");
    held.close();
  }

  @Test
  void nothingIsGrantedAtOnce() throws Exception {
    try (Held held = locks.acquire("one", Set.of())) {
      assertThat(held.writes()).isEmpty();
    }
  }

  @Test
  void aBadPathTakesNothing() throws Exception {
    assertThatThrownBy(() -> locks.acquire("one", Set.of("a", "../x")).close())
        .isInstanceOf(IllegalArgumentException.class);
    locks.acquire("one", Set.of("a")).close();
  }

  /** What one owner asks for, in rounds. */
  private record Wants(List<Set<String>> reads, List<Set<String>> writes) {}

  @Test
  void neverTwoHoldersInConflictAndEverybodyGetsItsTurn() {
    Cases.check(
        20,
        random -> {
          List<Wants> all = new ArrayList<>();
          for (int i = 0; i < 12; i++) {
            all.add(any(random, 5));
          }
          return all;
        },
        FileLocksTest::runAll);
  }

  @Test
  void twoHundredOwnersGetTheirTurn() {
    Cases.check(
        1,
        random -> {
          List<Wants> all = new ArrayList<>();
          for (int i = 0; i < 200; i++) {
            all.add(any(random, 3));
          }
          return all;
        },
        FileLocksTest::runAll);
  }

  private static Wants any(RandomGenerator random, int rounds) {
    List<String> paths =
        List.of("a", "a/x", "a/y", "b", "b/*", "b/x", "*/x", "c", "d", "./c", "**/y", "e/f/g");
    List<Set<String>> reads = new ArrayList<>();
    List<Set<String>> writes = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      reads.add(some(random, paths));
      writes.add(some(random, paths));
    }
    return new Wants(reads, writes);
  }

  private static Set<String> some(RandomGenerator random, List<String> paths) {
    Set<String> chosen = new LinkedHashSet<>();
    for (int count = random.nextInt(3); count > 0; count--) {
      chosen.add(paths.get(random.nextInt(paths.size())));
    }
    return chosen;
  }

  private static void runAll(List<Wants> all) {
    var locks = new FileLocks(Path.of("/project"));
    Set<Held> holders = ConcurrentHashMap.newKeySet();
    var wrong = new ConcurrentLinkedQueue<String>();
    List<Future<?>> ends = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < all.size(); i++) {
        String owner = "t" + i;
        Wants wants = all.get(i);
        ends.add(
            threads.submit(() -> {
              for (int round = 0; round < wants.writes().size(); round++) {
                try (Held held =
                    locks.acquire(owner, wants.reads().get(round), wants.writes().get(round))) {
                  holders.add(held);
                  for (Held other : holders) {
                    if (other != held && conflict(held, other)) {
                      wrong.add(owner + " and " + other.owner());
                    }
                  }
                  // Takes the lock, and so lets others run meanwhile.
                  locks.release("nobody");
                  holders.remove(held);
                }
              }
              return null;
            }));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(ends).allMatch(end -> end.state() == Future.State.SUCCESS);
    assertThat(locks.waiting()).isEmpty();
  }

  private static boolean conflict(Held one, Held two) {
    return meet(one.writes(), two.writes())
        || meet(one.writes(), two.reads())
        || meet(one.reads(), two.writes());
  }

  private static boolean meet(List<String> left, List<String> right) {
    Path root = Path.of("/project");
    return left.stream()
        .map(text -> PathGlob.of(root, text))
        .anyMatch(mine -> right.stream().anyMatch(text -> mine.overlaps(PathGlob.of(root, text))));
  }
}
