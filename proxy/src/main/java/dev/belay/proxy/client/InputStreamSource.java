package dev.belay.proxy.client;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream of the caller's, read piece by piece on virtual threads and only when a piece is wanted.
 * For one event loop.
 */
final class InputStreamSource implements ReadStream<Buffer> {
  private static final int PIECE_BYTES = 64 * 1024;

  private final Context context;
  private final InputStream in;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;
  private @Nullable Runnable held;
  private boolean paused = true;
  private boolean reading;
  private boolean over;

  InputStreamSource(Context context, InputStream in) {
    this.context = context;
    this.in = in;
  }

  private void proceed() {
    Runnable early = held;
    if (paused || over) {
      return;
    }
    if (early != null) {
      held = null;
      early.run();
    } else if (!reading) {
      reading = true;
      Thread.ofVirtual().name("belay-body").start(this::read);
    }
  }

  private void read() {
    byte[] piece = new byte[PIECE_BYTES];
    try {
      int count = in.read(piece);
      Buffer bytes = count > 0 ? Buffer.buffer(count).appendBytes(piece, 0, count) : null;
      onLoop(() -> arrived(bytes, count < 0));
    } catch (IOException | RuntimeException failure) {
      onLoop(() -> broke(failure));
    }
  }

  private void onLoop(Runnable task) {
    context.runOnContext(none -> {
      reading = false;
      held = task;
      proceed();
    });
  }

  private void arrived(@Nullable Buffer bytes, boolean end) {
    Handler<Buffer> taker = handler;
    if (bytes != null && taker != null) {
      taker.handle(bytes);
    }
    Handler<Void> last = endHandler;
    if (end) {
      finish();
      if (last != null) {
        last.handle(null);
      }
    } else {
      proceed();
    }
  }

  private void broke(Throwable failure) {
    Handler<Throwable> hearer = exceptionHandler;
    finish();
    if (hearer != null) {
      hearer.handle(failure);
    }
  }

  /** Nothing more is wanted. */
  void stop() {
    if (!over) {
      finish();
    }
  }

  private void finish() {
    over = true;
    held = null;
    Thread.ofVirtual()
        .name("belay-body")
        .start(() -> {
          try {
            in.close();
          } catch (IOException ignored) {
            // what was wanted of it is there
          }
        });
  }

  @Override
  public InputStreamSource exceptionHandler(@Nullable Handler<Throwable> hearer) {
    exceptionHandler = hearer;
    return this;
  }

  @Override
  public InputStreamSource handler(@Nullable Handler<Buffer> taker) {
    handler = taker;
    return this;
  }

  @Override
  public InputStreamSource endHandler(@Nullable Handler<Void> last) {
    endHandler = last;
    return this;
  }

  @Override
  public InputStreamSource pause() {
    paused = true;
    return this;
  }

  @Override
  public InputStreamSource resume() {
    paused = false;
    proceed();
    return this;
  }

  @Override
  public InputStreamSource fetch(long amount) {
    return resume();
  }
}
