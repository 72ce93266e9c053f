package dev.belay.proxy.client;

import dev.belay.http.ReplayBody;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The body of a request while it is under way. For one event loop. */
sealed interface Payload {
  /** Its size in bytes; -1 if that is not known before. */
  long length();

  /** Hands all of it over, no faster than {@code out} takes it, and does not end {@code out}. */
  Future<Void> writeTo(WriteStream<Buffer> out);

  /** Whether it cannot be sent any more. */
  default boolean isSpent() {
    return false;
  }

  /** Whether it is all there: what is slow is not the caller. */
  default boolean hasArrived() {
    return true;
  }

  /** Whether the caller's own source broke off. */
  default boolean hasBrokenOff() {
    return false;
  }

  /** Lets everything go. */
  default void close() {}

  /** There is none. */
  record Nothing() implements Payload {
    @Override
    public long length() {
      return 0;
    }

    @Override
    public Future<Void> writeTo(WriteStream<Buffer> out) {
      return Future.succeededFuture();
    }
  }

  /** All in memory. */
  record InMemory(Buffer content) implements Payload {
    @Override
    public long length() {
      return content.length();
    }

    @Override
    public Future<Void> writeTo(WriteStream<Buffer> out) {
      return out.write(content.copy());
    }
  }

  /** A file, read anew for each attempt. */
  final class InFile implements Payload {
    private final Vertx vertx;
    private final Path path;
    private final long size;
    private boolean broken;

    /** To be made off the event loop, because it asks the disk. */
    InFile(Vertx vertx, Path path) throws IOException {
      this.vertx = vertx;
      this.path = path;
      this.size = Files.size(path);
    }

    @Override
    public long length() {
      return size;
    }

    @Override
    public boolean hasBrokenOff() {
      return broken;
    }

    @Override
    public boolean isSpent() {
      return broken;
    }

    @Override
    public Future<Void> writeTo(WriteStream<Buffer> out) {
      return new FileCopy(vertx, path, size, out)
          .start()
          .onFailure(cause -> broken |= cause instanceof IOException);
    }
  }

  /** A stream of the caller's, kept for another attempt as far as the limits go. */
  final class Streamed implements Payload {
    private final InputStreamSource source;
    private final ReplayBody body;

    Streamed(Vertx vertx, Context context, RequestBody.Stream stream, ReplayBody.Limits limits) {
      this.source = new InputStreamSource(context, stream.content());
      this.body = ReplayBody.of(vertx, source, limits);
    }

    @Override
    public long length() {
      return -1;
    }

    @Override
    public Future<Void> writeTo(WriteStream<Buffer> out) {
      return body.writeTo(out);
    }

    @Override
    public boolean isSpent() {
      return body.isSpent();
    }

    @Override
    public boolean hasArrived() {
      return body.hasArrived();
    }

    @Override
    public boolean hasBrokenOff() {
      return body.hasBrokenOff();
    }

    @Override
    public void close() {
      source.stop();
      var unused = body.close();
    }
  }
}
