package dev.belay.chaos.inject.plane;

import dev.belay.chaos.inject.Doings.BodyFaults;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Consumer;

/**
 * The body of an answer that comes slowly, changed, or not to its end. No more than one piece of it
 * is held. For its event loop.
 */
final class AlteredBody {
  private final Context context;
  private final HttpClientResponse source;
  private final HttpServerResponse sink;
  private final BodyFaults faults;
  private Buffer held = Buffer.buffer();
  private long taken;
  private boolean sourceEnded;
  private boolean over;
  private Runnable cut = () -> {};

  AlteredBody(
      Context context, HttpClientResponse source, HttpServerResponse sink, BodyFaults faults) {
    this.context = context;
    this.source = source;
    this.sink = sink;
    this.faults = faults;
  }

  /**
   * Begins.
   *
   * @param broken told if the service breaks off
   * @param whenCut ends the connection where the fault wants it
   */
  void start(Consumer<Throwable> broken, Runnable whenCut) {
    cut = whenCut;
    source.exceptionHandler(failure -> {
      if (!over) {
        over = true;
        broken.accept(failure);
      }
    });
    sink.closeHandler(none -> {
      over = true;
      var unused = source.request().reset();
    });
    source.endHandler(none -> {
      sourceEnded = true;
      pump();
    });
    source.handler(this::take);
    if (faults.cutAfter() == 0) {
      end();
    } else {
      source.resume();
    }
  }

  private void take(Buffer piece) {
    source.pause();
    long left = faults.cutAfter() - taken;
    Buffer kept = piece.length() > left ? piece.slice(0, (int) left) : piece;
    held = faults.corrupt() ? corrupted(kept) : kept;
    taken += kept.length();
    pump();
  }

  private Buffer corrupted(Buffer piece) {
    byte[] copy = piece.getBytes();
    faults.corrupt(copy, taken);
    return Buffer.buffer(copy);
  }

  private void pump() {
    if (over) {
      return;
    }
    if (held.length() == 0) {
      next();
      return;
    }
    if (sink.writeQueueFull()) {
      sink.drainHandler(none -> pump());
      return;
    }
    if (faults.isSlow()) {
      slice();
    } else {
      Buffer all = held;
      held = Buffer.buffer();
      var unused = sink.write(all);
      pump();
    }
  }

  private void slice() {
    int size = faults.slice(held.length());
    Buffer some = held.slice(0, size);
    held = held.slice(size, held.length());
    var unused = sink.write(some);
    context.owner().setTimer(faults.pauseMs(size), none -> pump());
  }

  private void next() {
    if (taken >= faults.cutAfter()) {
      end();
    } else if (sourceEnded) {
      over = true;
      var unused = sink.end();
    } else {
      source.resume();
    }
  }

  private void end() {
    over = true;
    cut.run();
  }
}
