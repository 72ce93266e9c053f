package dev.belay.chaos.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.VirtualTime;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSessionStoreTest {
  private static final SessionSpec SPEC = new SessionSpec("shop", "{}", 10, Duration.ofHours(1), 1);
  private static final Entry ENTRY =
      new Entry.Moved(SessionState.RUNNING, Instant.EPOCH, "because");

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  @Test
  void anInterruptedWriterWritesDownWhatItHasToAndStaysInterrupted() {
    try (FileSessionStore store = new FileSessionStore(folder)) {
      store.create("one", SPEC, Instant.EPOCH);
      Thread.currentThread().interrupt();

      store.append("one", ENTRY);
      store.append("one", ENTRY);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(store.load().getFirst().entries()).containsExactly(ENTRY, ENTRY);
    }
  }

  @Test
  void aSessionBelongsToOneStoreUntilThatIsClosed() {
    try (FileSessionStore second = new FileSessionStore(folder)) {
      try (FileSessionStore first = new FileSessionStore(folder)) {
        first.create("one", SPEC, Instant.EPOCH);

        assertThat(first.claim("one")).isTrue();
        assertThat(second.claim("one")).isFalse();
      }

      assertThat(second.claim("one")).isTrue();
      second.remove("one");
      assertThat(folder.resolve("one")).doesNotExist();
    }
  }

  @Test
  void aSessionThatIsGivenBackIsTakenByWhoeverWritesNext() {
    try (FileSessionStore one = new FileSessionStore(folder);
        FileSessionStore other = new FileSessionStore(folder)) {
      one.create("one", SPEC, Instant.EPOCH);
      one.append("one", ENTRY);

      one.release("one");

      assertThat(other.claim("one")).isTrue();
      assertThat(one.claim("one")).isFalse();
      other.append("one", ENTRY);
      assertThat(one.load().getFirst().entries()).containsExactly(ENTRY, ENTRY);
    }
  }

  @Test
  void whatAnotherIsJustWritingIsNotCutAway() throws Exception {
    Path journal = folder.resolve("one").resolve("journal.jsonl");
    try (FileSessionStore second = new FileSessionStore(folder)) {
      try (FileSessionStore first = new FileSessionStore(folder)) {
        first.create("one", SPEC, Instant.EPOCH);
        first.append("one", ENTRY);
        Files.writeString(journal, "{\"half", StandardOpenOption.APPEND);
        long size = Files.size(journal);

        assertThat(second.load().getFirst().entries()).containsExactly(ENTRY);
        assertThatThrownBy(() -> second.append("one", ENTRY))
            .hasMessageContaining("another process works at this session");
        assertThat(journal).hasSize(size);
        assertThat(second.load("none")).isEmpty();
      }

      second.append("one", ENTRY);

      assertThat(second.load("one").orElseThrow().entries()).containsExactly(ENTRY, ENTRY);
    }
  }

  /** Works at a session until it is killed. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] arguments) throws Exception {
      FileSessionStore store = new FileSessionStore(Path.of(arguments[0]));
      store.create("theirs", SPEC, Instant.EPOCH);
      store.append("theirs", ENTRY);
      System.out.println("ready");
      new CountDownLatch(1).await();
    }
  }

  @Test
  void aSessionOfAnotherProcessIsShownAndTakenOverOnlyWhenThatIsDead() throws Exception {
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader said = owner.inputReader()) {
      assertThat(said.readLine()).isEqualTo("ready");
      AtomicInteger opened = new AtomicInteger();
      Experiments experiments =
          (id, spec) -> {
            opened.incrementAndGet();
            throw new IllegalArgumentException("nothing to search here");
          };
      try (FileSessionStore store = new FileSessionStore(folder)) {
        Sessions sessions = sessions(experiments, store);
        sessions.resume();

        assertThat(sessions.view("theirs").orElseThrow().state()).isEqualTo(SessionState.RUNNING);
        assertThat(sessions.list()).hasSize(1);
        assertThatThrownBy(() -> sessions.stop("theirs", ""))
            .isInstanceOf(StateException.class)
            .hasMessageContaining("another server works at this session");
        assertThat(opened).hasValue(0);
        assertThat(store.claim("theirs")).isFalse();
      }
      owner.destroyForcibly();
      assertThat(owner.waitFor(60, TimeUnit.SECONDS)).isTrue();
      try (FileSessionStore store = new FileSessionStore(folder)) {
        Sessions sessions = sessions(experiments, store);
        sessions.resume();

        assertThat(opened).hasValue(1);
        assertThat(sessions.view("theirs").orElseThrow().state()).isEqualTo(SessionState.FAILED);
      }
    } finally {
      owner.destroyForcibly();
    }
  }

  @Test
  void whatAnotherHasDoneMeanwhileIsSeen() {
    VirtualTime time = new VirtualTime();
    Experiments none =
        (id, spec) -> {
          throw new IllegalArgumentException("nothing to search here");
        };
    try (FileSessionStore first = new FileSessionStore(folder);
        FileSessionStore second = new FileSessionStore(folder)) {
      first.create("one", SPEC, Instant.EPOCH);
      Sessions sessions =
          new Sessions(none, second, Sessions.Settings.DEFAULT, time, Runnable::run);
      sessions.resume();
      assertThat(sessions.view("one").orElseThrow().state()).isEqualTo(SessionState.PENDING);

      first.append("one", ENTRY);
      time.advance(Duration.ofSeconds(2));

      assertThat(sessions.view("one").orElseThrow().state()).isEqualTo(SessionState.RUNNING);
      first.append("one", new Entry.Moved(SessionState.COMPLETED, Instant.EPOCH, "done"));
      time.advance(Duration.ofSeconds(2));
      assertThat(sessions.list().getFirst().state()).isEqualTo(SessionState.COMPLETED);
      assertThatThrownBy(() -> sessions.stop("one", "")).hasMessageContaining("has ended already");
    }
  }

  @Test
  void whoFollowsTheSessionOfAnotherHearsOfItToItsEnd() {
    VirtualTime time = new VirtualTime();
    Experiments none =
        (id, spec) -> {
          throw new IllegalArgumentException("nothing to search here");
        };
    try (FileSessionStore first = new FileSessionStore(folder);
        FileSessionStore second = new FileSessionStore(folder)) {
      first.create("one", SPEC, Instant.EPOCH);
      Sessions sessions =
          new Sessions(none, second, Sessions.Settings.DEFAULT, time, Runnable::run);
      sessions.resume();
      Entry end = new Entry.Moved(SessionState.COMPLETED, Instant.EPOCH, "done");
      List<Entry> heard = new ArrayList<>();
      try (Followed followed = sessions.follow("one").orElseThrow()) {
        followed.watch(heard::add);
        first.append("one", ENTRY);
        time.advance(Duration.ofSeconds(2));
        assertThat(heard).containsExactly(ENTRY);
        assertThat(followed.isOver()).isFalse();

        first.append("one", end);
        time.advance(Duration.ofSeconds(2));

        assertThat(followed.entries(0)).isEqualTo(heard).containsExactly(ENTRY, end);
        assertThat(followed.isOver()).isTrue();
      }
    }
  }

  @Test
  void whetherTheSessionOfAnotherHasEndedIsReadBeforeItIsToBeStopped() {
    VirtualTime time = new VirtualTime();
    Experiments none =
        (id, spec) -> {
          throw new IllegalArgumentException("nothing to search here");
        };
    try (FileSessionStore first = new FileSessionStore(folder);
        FileSessionStore second = new FileSessionStore(folder)) {
      first.create("one", SPEC, Instant.EPOCH);
      Sessions sessions =
          new Sessions(none, second, Sessions.Settings.DEFAULT, time, Runnable::run);
      sessions.resume();

      first.append("one", new Entry.Moved(SessionState.COMPLETED, Instant.EPOCH, "done"));

      assertThatThrownBy(() -> sessions.stop("one", ""))
          .isInstanceOfSatisfying(
              StateException.class, over -> assertThat(over.state().isOver()).isTrue());
    }
  }

  private static Sessions sessions(Experiments experiments, SessionStore store) {
    return new Sessions(
        experiments, store, Sessions.Settings.DEFAULT, Time.system(), Runnable::run);
  }

  @Test
  void interruptionsInTheMiddleOfWritingLoseNothing() throws Exception {
    try (FileSessionStore store = new FileSessionStore(folder)) {
      store.create("one", SPEC, Instant.EPOCH);
      AtomicBoolean over = new AtomicBoolean();
      CountDownLatch begun = new CountDownLatch(1);
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                begun.countDown();
                for (int i = 0; i < 200; i++) {
                  store.append("one", ENTRY);
                }
                over.set(true);
              });
      begun.await();
      while (writer.isAlive()) {
        writer.interrupt();
      }

      assertThat(over).isTrue();
      assertThat(store.load().getFirst().entries()).hasSize(200);
    }
  }
}
