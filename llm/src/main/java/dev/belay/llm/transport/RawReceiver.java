package dev.belay.llm.transport;

import dev.belay.llm.provider.Headers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Passes an answer on as it comes. For one event loop, but for the faces of the answer. */
final class RawReceiver implements Receiver, RawAnswer {
  private final CompletableFuture<RawAnswer> head;
  private final CompletableFuture<Void> body = new CompletableFuture<>();
  private volatile @Nullable Exchange exchange;
  private volatile int status;
  private volatile Headers headers = Headers.NONE;
  private @Nullable ByteSink sink;
  private final AtomicBoolean drained = new AtomicBoolean();
  private boolean begun;
  private boolean content;

  RawReceiver(CompletableFuture<RawAnswer> head) {
    this.head = head;
  }

  void of(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public void head(int status, Headers headers) {
    this.status = status;
    this.headers = Passing.through(headers);
    begun = true;
    if (!head.complete(this)) {
      cancel();
    }
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public CompletionStage<Void> drainTo(ByteSink to) {
    if (!drained.compareAndSet(false, true)) {
      throw new IllegalStateException("a raw answer can be drained once");
    }
    Exchange from = exchange;
    if (from != null) {
      from.loop()
          .execute(() -> {
            sink = to;
            from.flow();
          });
    }
    return body;
  }

  @Override
  public void cancel() {
    Exchange from = exchange;
    if (from != null) {
      from.loop().execute(from::abort);
    }
    body.cancel(false);
  }

  @Override
  public CompletionStage<Void> chunk(byte[] bytes) {
    content = true;
    ByteSink to = sink;
    if (to == null) {
      return StreamSink.READY;
    }
    try {
      return to.next(bytes);
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  @Override
  public CompletionStage<Void> end() {
    body.complete(null);
    return StreamSink.READY;
  }

  @Override
  public void failed(Throwable why) {
    head.completeExceptionally(why);
    body.completeExceptionally(why);
  }

  @Override
  public boolean isReading() {
    return sink != null;
  }

  @Override
  public boolean hasBegun() {
    return begun;
  }

  @Override
  public boolean hasContent() {
    return content;
  }

  @Override
  public boolean isDone() {
    return body.isDone();
  }
}
