package dev.belay.chaos.inject.local;

import dev.belay.Time;
import dev.belay.chaos.inject.Doings.BodyFaults;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Gives a body on slower, shorter or changed. For the thread that brings it. */
final class AlteredSubscriber<T> implements BodySubscriber<T> {
  private final BodySubscriber<T> inner;
  private final BodyFaults faults;
  private final Time time;
  private Flow.@Nullable Subscription source;
  private long taken;
  private boolean over;

  AlteredSubscriber(BodySubscriber<T> inner, BodyFaults faults, Time time) {
    this.inner = inner;
    this.faults = faults;
    this.time = time;
  }

  @Override
  public CompletionStage<T> getBody() {
    return inner.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    source = subscription;
    inner.onSubscribe(subscription);
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    if (over) {
      return;
    }
    List<ByteBuffer> altered = new ArrayList<>();
    int size = 0;
    boolean whole = true;
    for (ByteBuffer piece : pieces) {
      byte[] bytes = new byte[(int) Math.min(piece.remaining(), faults.cutAfter() - taken)];
      piece.get(bytes);
      whole &= !piece.hasRemaining();
      faults.corrupt(bytes, taken);
      taken += bytes.length;
      size += bytes.length;
      altered.add(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }
    if (faults.isSlow() && !pause(size)) {
      return;
    }
    inner.onNext(altered);
    if (!whole) {
      end(new IOException("the body broke off after %d bytes".formatted(taken)));
    }
  }

  /** A piece comes when its last byte would have come. */
  private boolean pause(int size) {
    try {
      time.sleep(size * TimeUnit.SECONDS.toNanos(1) / faults.bytesPerSecond());
      return true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      end(new IOException("stopped while the body came slowly", stopped));
      return false;
    }
  }

  private void end(IOException why) {
    over = true;
    Flow.Subscription open = source;
    if (open != null) {
      open.cancel();
    }
    inner.onError(why);
  }

  @Override
  public void onError(Throwable failure) {
    if (!over) {
      over = true;
      inner.onError(failure);
    }
  }

  @Override
  public void onComplete() {
    if (!over) {
      over = true;
      inner.onComplete();
    }
  }
}
