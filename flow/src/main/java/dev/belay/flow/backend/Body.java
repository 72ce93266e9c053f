package dev.belay.flow.backend;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Takes the body of an answer, and no more of it than an answer can be. */
final class Body implements HttpResponse.BodySubscriber<String> {
  private static final int MOST = 64 << 20;

  private final Runnable sign;
  private final CompletableFuture<String> whole = new CompletableFuture<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Flow.@Nullable Subscription subscription;

  Body(Runnable sign) {
    this.sign = sign;
  }

  @Override
  public CompletionStage<String> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    sign.run();
    for (ByteBuffer piece : pieces) {
      byte[] copy = new byte[Math.min(piece.remaining(), MOST - bytes.size())];
      piece.get(copy);
      bytes.write(copy, 0, copy.length);
    }
    if (bytes.size() == MOST && subscription != null) {
      subscription.cancel();
      onComplete();
    }
  }

  @Override
  public void onError(Throwable broken) {
    whole.completeExceptionally(broken);
  }

  @Override
  public void onComplete() {
    whole.complete(bytes.toString(StandardCharsets.UTF_8));
  }
}
