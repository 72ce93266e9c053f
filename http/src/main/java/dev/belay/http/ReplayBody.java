package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request body that can be sent again. It is kept in memory while it is small, then in a file;
 * past a second limit it is no longer kept and can be sent once, as it streams in. Sending may
 * start before the body has arrived whole. For the event loop that its source belongs to.
 */
public final class ReplayBody {

  /**
   * How much is kept, and where. Immutable.
   *
   * @param memoryBytes kept in memory, at least 0
   * @param totalBytes kept in memory and file together, at least {@code memoryBytes}
   * @param directory for the files, which only this user can read; made when first needed
   */
  public record Limits(int memoryBytes, long totalBytes, Path directory) {
    /** Rejects limits that contradict each other. */
    public Limits {
      requireNonNull(directory, "directory");
      Check.that(memoryBytes >= 0, "memoryBytes must be at least 0, was %d", memoryBytes);
      Check.that(
          totalBytes >= memoryBytes,
          "totalBytes must be at least memoryBytes (%d), was %d",
          memoryBytes,
          totalBytes);
    }
  }

  private final ReadStream<Buffer> source;
  private final Limits limits;
  private final Buffer memory = Buffer.buffer();
  private final Spool spool;
  private final List<Runnable> waiting = new ArrayList<>();
  private final Promise<Void> collected = Promise.promise();
  private long size;
  private boolean ended;
  private boolean oneShot;
  private boolean taken;
  private Buffer overflow = Buffer.buffer();
  private @Nullable Throwable failure;

  private ReplayBody(Vertx vertx, ReadStream<Buffer> source, Limits limits) {
    this.source = source;
    this.limits = limits;
    this.spool = new Spool(vertx, limits.directory());
  }

  /** Starts to read {@code source}, which must not have been read before. */
  public static ReplayBody of(Vertx vertx, ReadStream<Buffer> source, Limits limits) {
    ReplayBody body = new ReplayBody(vertx, source, requireNonNull(limits, "limits"));
    source.exceptionHandler(cause -> body.fail("the body broke off"));
    source.endHandler(none -> body.sourceEnded());
    source.handler(body::arrived);
    source.resume();
    return body;
  }

  /**
   * Completes when it is known whether the body can be sent again: it has arrived whole, or has
   * grown past the limit. Fails with {@link BodyException} if it broke off before.
   */
  public Future<Void> collected() {
    return collected.future();
  }

  /** Whether it can be sent any number of times; may change to false until it is collected. */
  public boolean replayable() {
    return !oneShot && failure == null;
  }

  /** Whether it cannot be sent any more: it broke off, or was too large to be kept and is gone. */
  public boolean isSpent() {
    return taken || failure != null;
  }

  /** Whether whoever sent it broke off. */
  public boolean hasBrokenOff() {
    return failure != null;
  }

  /** Whether it has arrived whole. */
  public boolean hasArrived() {
    return ended;
  }

  /** Bytes that have arrived so far. */
  public long size() {
    return size;
  }

  /**
   * Sends the body from its start, no faster than {@code out} takes it, and does not end {@code
   * out}. Completes when everything was handed over; fails with {@link BodyException}, or with what
   * {@code out} failed with.
   */
  public Future<Void> writeTo(WriteStream<Buffer> out) {
    if (taken) {
      return Future.failedFuture(new BodyException("the body was too large to be sent again"));
    }
    Replay replay = new Replay(this, requireNonNull(out, "out"));
    replay.proceed();
    return replay.done();
  }

  /** Lets everything go. Sending that is under way fails; what still arrives is dropped. */
  public Future<Void> close() {
    fail("the body was closed");
    return spool.close();
  }

  /** Why nothing more can be sent, if so. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Whether {@code position} is the end of the whole body. */
  boolean endsAt(long position) {
    return ended && position == size;
  }

  /** What is kept from {@code position} on, at most one piece; empty if that is nothing yet. */
  Future<Buffer> kept(long position) {
    return position < memory.length()
        ? Future.succeededFuture(memory.getBuffer((int) position, pieceEnd(position)))
        : spool.read(position - memory.length());
  }

  boolean keeps(long position) {
    return position < memory.length() + spool.length();
  }

  /** Calls back once when there is more to send, or nothing more will come. */
  void whenMore(Runnable task) {
    waiting.add(task);
  }

  /** Whether all that is kept ends at {@code position} and the rest is still to stream in. */
  boolean streamsFrom(long position) {
    return oneShot && position == memory.length() + spool.length();
  }

  /** Hands the rest of the body to {@code out}, once. */
  void stream(WriteStream<Buffer> out, Promise<Void> done) {
    if (taken) {
      done.tryFail(new BodyException("the body was too large to be sent again"));
      return;
    }
    taken = true;
    source.endHandler(none -> {
      ended = true;
      done.tryComplete();
    });
    source.exceptionHandler(cause -> done.tryFail(new BodyException("the body broke off")));
    source.handler(buffer -> {
      size += buffer.length();
      send(out, buffer, done);
    });
    Buffer first = overflow;
    overflow = Buffer.buffer();
    if (ended) {
      out.write(first).onComplete(none -> done.tryComplete(), done::tryFail);
    } else {
      waiting.add(() -> done.tryFail(new BodyException("the body was closed")));
      send(out, first, done);
      if (!out.writeQueueFull()) {
        source.resume();
      }
    }
  }

  private void send(WriteStream<Buffer> out, Buffer buffer, Promise<Void> done) {
    out.write(buffer).onFailure(done::tryFail);
    if (out.writeQueueFull()) {
      source.pause();
      out.drainHandler(none -> source.resume());
    }
  }

  private int pieceEnd(long position) {
    return (int) Math.min(memory.length(), position + Spool.PIECE_BYTES);
  }

  private void arrived(Buffer buffer) {
    if (failure != null) {
      return;
    }
    size += buffer.length();
    if (oneShot) {
      overflow.appendBuffer(buffer); // the source had this on its way when it was paused
    } else if (size <= limits.memoryBytes()) {
      memory.appendBuffer(buffer);
      wake();
    } else if (size > limits.totalBytes()) {
      keepNoMore(buffer);
    } else {
      source.pause();
      spool
          .append(buffer)
          .onComplete(
              none -> {
                wake();
                source.resume();
              },
              cause -> keepNoMore(buffer));
    }
  }

  /** Past the limit, or the disk is full: the rest can be sent once. */
  private void keepNoMore(Buffer buffer) {
    source.pause();
    oneShot = true;
    overflow.appendBuffer(buffer);
    collected.tryComplete();
    wake();
  }

  private void sourceEnded() {
    ended = true;
    collected.tryComplete();
    wake();
  }

  private void fail(String message) {
    if (failure == null) {
      BodyException cause = new BodyException(message);
      failure = cause;
      collected.tryFail(cause);
      wake();
      if (!ended) {
        source.handler(buffer -> {});
        source.resume();
      }
    }
  }

  private void wake() {
    List<Runnable> tasks = List.copyOf(waiting);
    waiting.clear();
    tasks.forEach(Runnable::run);
  }
}
