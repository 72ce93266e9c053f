package dev.belay.chaos.inject.plane;

import dev.belay.chaos.inject.plane.Doings.BodyFaults;
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
  private static final long SLICE_MS = 50;
  private static final long SLICES_A_SECOND = 1_000 / SLICE_MS;
  private static final int CORRUPT_EACH = 64;

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

  /** The first byte of a body and each 64th after it come the other way round. */
  private Buffer corrupted(Buffer piece) {
    Buffer copy = piece.copy();
    long first = Math.floorMod(-taken, (long) CORRUPT_EACH);
    for (long at = first; at < copy.length(); at += CORRUPT_EACH) {
      copy.setByte((int) at, (byte) ~copy.getByte((int) at));
    }
    return copy;
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
    if (faults.bytesPerSecond() == Long.MAX_VALUE) {
      Buffer all = held;
      held = Buffer.buffer();
      var unused = sink.write(all);
      pump();
    } else {
      slice();
    }
  }

  private void slice() {
    long perSlice = faults.bytesPerSecond() / SLICES_A_SECOND;
    int size = (int) Math.min(held.length(), Math.max(1, perSlice));
    // slower than a byte in a slice: longer slices
    long millis = Math.max(SLICE_MS, size * 1_000L / faults.bytesPerSecond());
    Buffer some = held.slice(0, size);
    held = held.slice(size, held.length());
    var unused = sink.write(some);
    context.owner().setTimer(millis, none -> pump());
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
