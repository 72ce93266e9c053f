package dev.belay.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A file that is made when first written and is gone when closed. For one event loop. */
final class Spool {
  static final int PIECE_BYTES = 64 * 1024;

  private final Vertx vertx;
  private final Path directory;
  private @Nullable Future<AsyncFile> file;
  private long length;
  private boolean closed;

  Spool(Vertx vertx, Path directory) {
    this.vertx = vertx;
    this.directory = directory;
  }

  /** How much has been written and can be read. */
  long length() {
    return length;
  }

  /** Appends; the next append must wait for this one. */
  Future<Void> append(Buffer buffer) {
    Future<AsyncFile> opened = open();
    return opened
        .compose(found -> found.write(buffer, length))
        .onSuccess(none -> length += buffer.length());
  }

  /** At most one piece from {@code position} on, which must be less than {@link #length()}. */
  Future<Buffer> read(long position) {
    int wanted = (int) Math.min(PIECE_BYTES, length - position);
    return open()
        .compose(found -> found.read(Buffer.buffer(wanted), 0, position, wanted))
        .compose(piece ->
            piece.length() == wanted
                ? Future.succeededFuture(piece)
                : Future.failedFuture(new BodyException("the body's file was cut short")));
  }

  /** Closes and deletes the file. */
  Future<Void> close() {
    Future<AsyncFile> opened = file;
    if (closed || opened == null) {
      closed = true;
      return Future.succeededFuture();
    }
    closed = true;
    // a file that could not be opened needs no closing
    return opened.transform(found -> found.succeeded() ? found.result().close() : done());
  }

  private static Future<Void> done() {
    return Future.succeededFuture();
  }

  private Future<AsyncFile> open() {
    Future<AsyncFile> opened = file;
    if (closed) {
      return Future.failedFuture(new BodyException("the body was closed"));
    }
    if (opened == null) {
      OpenOptions options =
          new OpenOptions()
              .setPerms("rw-------")
              .setRead(true)
              .setWrite(true)
              .setCreateNew(true)
              .setDeleteOnClose(true);
      String path = directory.resolve("body-" + UUID.randomUUID()).toString();
      opened =
          vertx
              .fileSystem()
              .mkdirs(directory.toString())
              .compose(none -> vertx.fileSystem().open(path, options));
      file = opened;
    }
    return opened;
  }
}
