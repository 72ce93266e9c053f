package dev.belay.proxy;

import dev.belay.AsyncOperation;
import dev.belay.Attempt;
import dev.belay.RetryPolicy;
import dev.belay.http.ReplayBody;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One request in absolute form, sent through whichever proxy an attempt names. */
final class Exchange implements AsyncOperation<Upstream, Answer> {
  private final Engine engine;
  private final UpstreamClient client;
  private final Executor loop;
  private final Order order;

  /**
   * What is sent.
   *
   * @param path with query, as the target is to see it
   * @param headers clean, and with the target's Host
   * @param body null if there is none
   */
  record Order(
      Target target,
      Visit visit,
      RetryPolicy policy,
      HttpMethod method,
      String path,
      MultiMap headers,
      @Nullable ReplayBody body) {}

  Exchange(Engine engine, UpstreamClient client, Executor loop, Order order) {
    this.engine = engine;
    this.client = client;
    this.loop = loop;
    this.order = order;
  }

  @Override
  public CompletableFuture<Answer> start(Attempt<Upstream> attempt) {
    Sending sending = new Sending(engine, client, order, attempt);
    sending.begin(loop);
    return sending.result();
  }

  @Override
  public boolean endsInTime() {
    return true;
  }

  @Override
  public void discard(Answer answer) {
    answer.discard();
  }
}
