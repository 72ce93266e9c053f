package dev.belay.chaos.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
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
