package dev.belay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.http.ReplayBody.Limits;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayBodyTest {
  private static Vertx vertx;
  private static Context context;
  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    context = vertx.getOrCreateContext();
  }

  @AfterAll
  static void stop() {
    Waits.get(vertx.close());
  }

  /** A stream that the test feeds; it honours pauses. For one event loop. */
  private static final class Source implements ReadStream<Buffer> {
    private final Deque<Buffer> queue = new ArrayDeque<>();
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private boolean paused;
    private boolean ended;

    void feed(String text) {
      queue.add(Buffer.buffer(text));
      drain();
    }

    void end() {
      ended = true;
      drain();
    }

    void breakOff() {
      if (exceptionHandler != null) {
        exceptionHandler.handle(new IOException("gone"));
      }
    }

    private void drain() {
      while (!paused && handler != null && !queue.isEmpty()) {
        handler.handle(queue.remove());
      }
      if (!paused && queue.isEmpty() && ended && endHandler != null) {
        Handler<Void> last = endHandler;
        endHandler = null;
        last.handle(null);
      }
    }

    @Override
    public Source exceptionHandler(@Nullable Handler<Throwable> handler) {
      exceptionHandler = handler;
      return this;
    }

    @Override
    public Source handler(@Nullable Handler<Buffer> handler) {
      this.handler = handler;
      return this;
    }

    @Override
    public Source pause() {
      paused = true;
      return this;
    }

    @Override
    public Source resume() {
      paused = false;
      drain();
      return this;
    }

    @Override
    public Source fetch(long amount) {
      return resume();
    }

    @Override
    public Source endHandler(@Nullable Handler<Void> handler) {
      endHandler = handler;
      return this;
    }
  }

  /** Takes what is written; full after each piece until the test drains it, if so told. */
  private static final class Sink implements WriteStream<Buffer> {
    private final Buffer all = Buffer.buffer();
    private final boolean slow;
    private boolean full;
    private boolean broken;
    private @Nullable Handler<Void> drainHandler;

    Sink(boolean slow) {
      this.slow = slow;
    }

    private void drained() {
      full = false;
      Handler<Void> handler = drainHandler;
      drainHandler = null;
      if (handler != null) {
        handler.handle(null);
      }
    }

    @Override
    public Future<Void> write(Buffer data) {
      if (broken) {
        return Future.failedFuture(new IOException("broken"));
      }
      all.appendBuffer(data);
      if (slow) {
        full = true;
        vertx.runOnContext(none -> drained());
      }
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
      return Future.succeededFuture();
    }

    @Override
    public Sink setWriteQueueMaxSize(int maxSize) {
      return this;
    }

    @Override
    public boolean writeQueueFull() {
      return full;
    }

    @Override
    public Sink drainHandler(@Nullable Handler<Void> handler) {
      drainHandler = handler;
      return this;
    }

    @Override
    public Sink exceptionHandler(@Nullable Handler<Throwable> handler) {
      return this;
    }
  }

  private final Source source = new Source();

  private <T> T onLoop(Callable<T> task) {
    return Waits.get(
        Future.future(promise ->
            context.runOnContext(none -> {
              try {
                promise.complete(task.call());
              } catch (Exception e) {
                promise.fail(e);
              }
            })));
  }

  private void loop(Runnable task) {
    onLoop(() -> {
      task.run();
      return true;
    });
  }

  private ReplayBody body(int memory, long total) {
    return onLoop(
        () -> ReplayBody.of(vertx, source, new Limits(memory, total, directory.resolve("spool"))));
  }

  private String send(ReplayBody body, boolean slow) {
    Sink sink = new Sink(slow);
    Waits.get(onLoop(() -> body.writeTo(sink)));
    return sink.all.toString();
  }

  /** The permissions of each file that is open in the spool's directory, seen through /proc. */
  private List<String> files() throws IOException {
    var found = new ArrayList<String>();
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : open.toList()) {
        if (Files.isSymbolicLink(link)
            && Files.readSymbolicLink(link).startsWith(directory.resolve("spool"))) {
          found.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(link)));
        }
      }
    }
    return found;
  }

  @Test
  void keepsASmallBodyInMemory() throws Exception {
    ReplayBody body = body(10, 100);
    loop(() -> source.feed("hello"));
    loop(source::end);
    Waits.get(body.collected());

    assertThat(send(body, false)).isEqualTo("hello");
    assertThat(send(body, true)).isEqualTo("hello");
    assertThat(body.size()).isEqualTo(5);
    assertThat(body.replayable()).isTrue();
    assertThat(files()).isEmpty();
    Waits.get(onLoop(body::close));
  }

  @Test
  void keepsABiggerBodyInAFileThatIsGoneAfterwards() throws Exception {
    ReplayBody body = body(4, 1_000_000);
    String rest = "0123456789".repeat(20_000);
    loop(() -> source.feed("abc"));
    loop(() -> source.feed(rest));
    loop(() -> source.feed("end"));
    loop(source::end);
    Waits.get(body.collected());

    assertThat(send(body, true)).isEqualTo("abc" + rest + "end");
    assertThat(send(body, false)).isEqualTo("abc" + rest + "end");
    assertThat(files()).containsExactly("rw-------");
    assertThat(directory.resolve("spool")).isEmptyDirectory(); // not even a crash leaves it behind
    Waits.get(onLoop(body::close));
    assertThat(files()).isEmpty();
  }

  @Test
  void sendsABodyPastTheLimitOnceAsItStreams() throws Exception {
    ReplayBody body = body(4, 8);
    loop(() -> source.feed("abcd"));
    loop(() -> source.feed("efg"));
    loop(() -> source.feed("hijkl"));
    Waits.get(body.collected());
    Sink sink = new Sink(true);
    Future<Void> sent = onLoop(() -> body.writeTo(sink));
    loop(() -> source.feed("mno"));
    loop(source::end);

    Waits.get(sent);

    assertThat(sink.all.toString()).isEqualTo("abcdefghijklmno");
    assertThat(body.replayable()).isFalse();
    assertThat(body.size()).isEqualTo(15);
    assertThatThrownBy(() -> send(body, false)).hasRootCauseInstanceOf(BodyException.class);
    Waits.get(onLoop(body::close));
  }

  @Test
  void sendsOnceWhatTheDiskDoesNotTake() throws Exception {
    Files.writeString(directory.resolve("spool"), "a file where a directory should be");
    ReplayBody body = body(2, 100);
    loop(() -> source.feed("ab"));
    loop(() -> source.feed("cd"));
    Waits.get(body.collected());
    Sink sink = new Sink(false);
    Future<Void> sent = onLoop(() -> body.writeTo(sink));
    loop(source::end);

    Waits.get(sent);

    assertThat(sink.all.toString()).isEqualTo("abcd");
    assertThat(body.replayable()).isFalse();
  }

  @Test
  void sendsWhileTheBodyArrives() {
    ReplayBody body = body(100, 100);
    Sink sink = new Sink(false);
    Future<Void> sent = onLoop(() -> body.writeTo(sink));
    loop(() -> source.feed("one"));
    String seen = onLoop(sink.all::toString);
    assertThat(seen).isEqualTo("one");
    loop(() -> source.feed("two"));
    loop(source::end);

    Waits.get(sent);

    assertThat(sink.all.toString()).isEqualTo("onetwo");
    assertThat(send(body, false)).isEqualTo("onetwo");
  }

  @Test
  void failsWhenTheBodyBreaksOff() {
    ReplayBody body = body(100, 100);
    Future<Void> sent = onLoop(() -> body.writeTo(new Sink(false)));
    loop(() -> source.feed("half"));
    loop(source::breakOff);

    assertThat(Waits.failure(sent, BodyException.class)).hasMessageContaining("broke off");
    assertThat(Waits.failure(body.collected(), BodyException.class)).isNotNull();
    assertThat(body.replayable()).isFalse();
  }

  @Test
  void failsWhenAStreamedBodyBreaksOffOrIsClosed() {
    ReplayBody broken = body(1, 1);
    loop(() -> source.feed("ab"));
    Future<Void> first = onLoop(() -> broken.writeTo(new Sink(false)));
    loop(source::breakOff);
    assertThat(Waits.failure(first, BodyException.class)).hasMessageContaining("broke off");

    ReplayBody closed = body(1, 1);
    loop(() -> source.feed("ab"));
    Future<Void> second = onLoop(() -> closed.writeTo(new Sink(false)));
    Waits.get(onLoop(closed::close));
    assertThat(Waits.failure(second, BodyException.class)).hasMessageContaining("closed");
  }

  @Test
  void failsWithWhatTheOtherSideFailedWithAndCanBeSentAgain() {
    ReplayBody body = body(100, 100);
    loop(() -> source.feed("all"));
    loop(source::end);
    Sink broken = new Sink(false);
    broken.broken = true;

    assertThat(Waits.failure(onLoop(() -> body.writeTo(broken)), IOException.class))
        .hasMessage("broken");
    assertThat(send(body, false)).isEqualTo("all");
  }

  @Test
  void refusesToSendAfterItWasClosed() {
    ReplayBody body = body(1, 100);
    loop(() -> source.feed("all"));
    Waits.get(onLoop(body::close));
    Waits.get(onLoop(body::close));

    assertThat(Waits.failure(onLoop(() -> body.writeTo(new Sink(false))), BodyException.class))
        .isNotNull();
  }

  @Test
  void sendsTheSameBytesHoweverTheyAreKept() {
    Cases.check(
        60,
        random -> random.ints(1 + random.nextInt(12), 0, 9).toArray(),
        lengths -> {
          ReplayBodyTest other = new ReplayBodyTest();
          other.directory = directory;
          ReplayBody body = other.body(lengths[0], 1000);
          var expected = new StringBuilder();
          for (int i = 0; i < lengths.length; i++) {
            String piece = String.valueOf((char) ('a' + i)).repeat(lengths[i]);
            expected.append(piece);
            other.loop(() -> other.source.feed(piece));
          }
          other.loop(other.source::end);
          assertThat(other.send(body, lengths.length % 2 == 0)).isEqualTo(expected.toString());
          assertThat(other.send(body, false)).isEqualTo(expected.toString());
          Waits.get(other.onLoop(body::close));
        });
  }

  @Test
  void rejectsLimitsThatContradictEachOther() {
    assertThatThrownBy(() -> new Limits(-1, 1, directory))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(2, 1, directory))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
