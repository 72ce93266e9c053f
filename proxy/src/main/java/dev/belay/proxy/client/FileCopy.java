package dev.belay.proxy.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One sending of a file. For one event loop. */
final class FileCopy {
  private static final int PIECE_BYTES = 64 * 1024;

  private final Vertx vertx;
  private final Path path;
  private final long size;
  private final WriteStream<Buffer> out;
  private long position;

  FileCopy(Vertx vertx, Path path, long size, WriteStream<Buffer> out) {
    this.vertx = vertx;
    this.path = path;
    this.size = size;
    this.out = out;
  }

  /** Fails with {@link IOException} if the file is at fault. */
  Future<Void> start() {
    OpenOptions reading = new OpenOptions().setRead(true).setWrite(false).setCreate(false);
    return vertx
        .fileSystem()
        .open(path.toString(), reading)
        .recover(cause -> Future.failedFuture(unreadable("cannot be opened", cause)))
        .compose(file -> next(file).eventually(file::close));
  }

  private Future<Void> next(AsyncFile file) {
    if (position == size) {
      return Future.succeededFuture();
    }
    int wanted = (int) Math.min(PIECE_BYTES, size - position);
    return writable()
        .compose(none -> file.read(Buffer.buffer(wanted), 0, position, wanted))
        .compose(piece ->
            piece.length() == wanted
                ? Future.succeededFuture(piece)
                : Future.failedFuture(unreadable("became shorter while it was sent", null)))
        .compose(piece -> {
          position += piece.length();
          var unused = out.write(piece);
          return next(file);
        });
  }

  private IOException unreadable(String what, @Nullable Throwable cause) {
    return new IOException("the file %s %s".formatted(path, what), cause);
  }

  private Future<Void> writable() {
    if (!out.writeQueueFull()) {
      return Future.succeededFuture();
    }
    Promise<Void> drained = Promise.promise();
    out.drainHandler(none -> drained.tryComplete());
    return drained.future();
  }
}
