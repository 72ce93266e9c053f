package dev.belay.process;

import static dev.belay.process.Tree.lives;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ProcessTreeTest {
  private static final String THREE_LEVELS = "sh -c 'sleep 300 & echo $!; wait' & echo $!; wait";

  private static final String MIDDLE_GONE = "sh -c 'sleep 300 & echo $!'; echo $$; sleep 300";

  private static final String STUBBORN =
      "trap '' TERM; sh -c 'sleep 300 & echo $!; wait; sleep 300' & echo $!; wait; sleep 300";

  private static Duration timed(Runnable task) {
    long start = Time.system().nanos();
    task.run();
    return Duration.ofNanos(Time.system().nanos() - start);
  }

  @Test
  void endingATreeEndsChildrenAndGrandchildrenAtOnceIfTheyObey() throws Exception {
    try (Tree tree = new Tree(THREE_LEVELS, Duration.ofSeconds(10))) {
      long first = tree.number();
      long second = tree.number();
      assertThat(lives(first) && lives(second)).isTrue();

      Duration took = timed(() -> assertThat(tree.process.end()).isTrue());

      assertThat(lives(first) || lives(second) || lives(tree.process.pid())).isFalse();
      assertThat(took).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void aGrandchildWhoseParentIsGoneIsFoundByItsNumberAndEnds() throws Exception {
    try (Tree tree = new Tree(MIDDLE_GONE)) {
      long grandchild = tree.number();
      tree.number();
      assertThat(ProcessHandle.of(grandchild).orElseThrow().parent().map(ProcessHandle::pid))
          .isNotEqualTo(java.util.Optional.of(tree.process.pid()));

      assertThat(tree.process.end()).isTrue();

      assertThat(lives(grandchild)).isFalse();
    }
  }

  @Test
  void aTreeThatDoesNotEndWhenToldToIsKilledAfterTheGrace() throws Exception {
    try (Tree tree = new Tree(STUBBORN)) {
      long first = tree.number();
      long second = tree.number();

      Duration took = timed(() -> assertThat(tree.process.end()).isTrue());

      assertThat(lives(first) || lives(second) || lives(tree.process.pid())).isFalse();
      assertThat(took).isBetween(Tree.GRACE, Tree.GRACE.plusSeconds(1));
    }
  }

  @Test
  void whoReadsIsLetGoOnceTheGraceIsOver() throws Exception {
    try (Tree tree = new Tree(STUBBORN)) {
      tree.number();
      tree.number();

      tree.process.close();
      Duration took =
          timed(() -> assertThat(tree.output.lines()).as("what it still says").isEmpty());

      assertThat(took).isLessThan(Tree.GRACE.plusSeconds(1));
    }
  }

  @Test
  void aReaderDoesNotWaitForWhatHasGotAwayWithThePipe() throws Exception {
    // of another session, without a parent: nothing leads to it any more
    try (Tree tree = new Tree("setsid sh -c 'sleep 300 & echo $!' & wait; exec sleep 300")) {
      long away = tree.number();

      tree.process.close();
      Duration took = timed(() -> assertThat(tree.output.lines()).isEmpty());

      assertThat(took).isLessThan(Tree.GRACE.plusSeconds(1));
      ProcessHandle.of(away).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void whatAProgramLeavesBehindEndsWithIt() throws Exception {
    try (Tree tree = new Tree("sleep 300 & echo $!")) {
      long left = tree.number();
      assertThat(tree.process.exitCode()).isZero();
      assertThat(lives(left)).isTrue();

      assertThat(tree.process.end()).isTrue();

      assertThat(lives(left)).isFalse();
    }
  }

  @Test
  void anInterruptNeitherShortensTheEndNorIsLost() throws Exception {
    try (Tree tree = new Tree(STUBBORN)) {
      long first = tree.number();

      Thread.currentThread().interrupt();
      assertThat(tree.process.end()).isTrue();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(lives(first)).isFalse();
    }
  }

  @Test
  void anInterruptEndsAReadThatWaits() throws Exception {
    try (Tree tree = new Tree("exec sleep 300")) {
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread reader =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  int unused = tree.process.output().read();
                } catch (Exception failure) {
                  thrown.complete(failure);
                }
              });

      reader.interrupt();

      assertThat(thrown.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
    }
  }

  @Test
  void whatIsWrittenInAFloodArrivesWholeOnBothStreams() throws Exception {
    int size = 10 << 20;
    try (Tree tree =
        new Tree("head -c %d /dev/zero >&2 & head -c %d /dev/zero; wait".formatted(size, size))) {
      CompletableFuture<Long> complaints =
          CompletableFuture.supplyAsync(() -> count(tree.process.complaints()));

      assertThat(count(tree.process.output())).isEqualTo(size);
      assertThat(complaints.get()).isEqualTo(size);
      assertThat(tree.process.exitCode()).isZero();
    }
  }

  private static long count(InputStream from) {
    try {
      return from.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (java.io.IOException broken) {
      throw new AssertionError(broken);
    }
  }

  @Test
  void whatWasReadBeforeTheEndIsStillThere() throws Exception {
    try (Tree tree = new Tree("printf 'one\\ntwo\\n'; exec sleep 300")) {
      assertThat(tree.output.readLine()).isEqualTo("one");

      tree.process.end();

      assertThat(tree.output.readLine()).isEqualTo("two");
    }
  }

  @Test
  void anExitCodeTellsOfASignal() throws Exception {
    try (Tree tree = new Tree("kill -KILL $$")) {
      assertThat(tree.process.exitCode()).isEqualTo(137);
    }
  }

  @Test
  void aProgramReadsWhatIsWritten() throws Exception {
    try (Tree tree = new Tree("exec cat")) {
      tree.process.input().write("hello\n".getBytes(UTF_8));
      tree.process.input().close();

      assertThat(tree.output.readLine()).isEqualTo("hello");
    }
  }

  @Test
  void isClosedMoreThanOnceWithoutHarm() throws Exception {
    Tree tree = new Tree("exec sleep 300");

    tree.close();
    tree.close();

    assertThat(tree.process.exitCode()).isEqualTo(143);
    assertThatThrownBy(() -> tree.process.input().write(new byte[1 << 20]))
        .isInstanceOf(java.io.IOException.class);
  }
}
