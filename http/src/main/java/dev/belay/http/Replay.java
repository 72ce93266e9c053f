package dev.belay.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

/** One sending of a {@link ReplayBody}. For the body's event loop. */
final class Replay {
  private final ReplayBody body;
  private final WriteStream<Buffer> out;
  private final Promise<Void> done = Promise.promise();
  private long position;
  private boolean running;
  private boolean again;

  Replay(ReplayBody body, WriteStream<Buffer> out) {
    this.body = body;
    this.out = out;
  }

  Future<Void> done() {
    return done.future();
  }

  /** Sends as much as there is and the other side takes. A loop, so that no stack grows. */
  void proceed() {
    again = true;
    if (!running) {
      running = true;
      while (again) {
        again = false;
        step();
      }
      running = false;
    }
  }

  private void step() {
    Throwable failure = body.failure();
    if (done.future().isComplete()) {
      return;
    }
    if (failure != null) {
      done.tryFail(failure);
    } else if (out.writeQueueFull()) {
      out.drainHandler(none -> proceed());
    } else if (body.keeps(position)) {
      body.kept(position).onComplete(this::send, done::tryFail);
    } else if (body.streamsFrom(position)) {
      body.stream(out, done);
    } else if (body.endsAt(position)) {
      done.tryComplete();
    } else {
      body.whenMore(this::proceed);
    }
  }

  private void send(Buffer piece) {
    position += piece.length();
    out.write(piece).onFailure(done::tryFail);
    proceed();
  }
}
