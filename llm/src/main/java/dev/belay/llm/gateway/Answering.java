package dev.belay.llm.gateway;

import dev.belay.Time;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.front.Front;
import dev.belay.llm.front.StreamWriter;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A request that is taken apart and answered in the client's own words. For one event loop. */
final class Answering {
  private final GatewayRoute route;
  private final Answerer answerer;
  private final Client client;
  private final Time time;

  Answering(GatewayRoute route, Answerer answerer, Client client, Time time) {
    this.route = route;
    this.answerer = answerer;
    this.client = client;
    this.time = time;
  }

  /** Begins; cancelling the future ends it. */
  CompletableFuture<?> start(Front.Asked asked, Executor loop) {
    return asked.stream() ? stream(asked, loop) : whole(asked, loop);
  }

  private CompletableFuture<?> whole(Front.Asked asked, Executor loop) {
    CompletableFuture<Told> answer = answerer.answer(order(asked)).toCompletableFuture();
    var unused =
        answer.whenCompleteAsync(
            (told, failure) -> {
              if (failure == null) {
                tell(told);
                client.send(
                    200,
                    Buffer.buffer(client.front().write(told.response(), route.name(), seconds())));
              } else if (!answer.isCancelled()) {
                client.fail(Later.cause(failure));
              }
            },
            loop);
    return answer;
  }

  private Answerer.Order order(Front.Asked asked) {
    return new Answerer.Order(client.front(), asked, client.caller(), client.review());
  }

  private void tell(Told told) {
    client.tell(told.endpoint(), told.attempts(), told.corrections(), told.waited());
  }

  private long seconds() {
    return time.instant().getEpochSecond();
  }

  private CompletableFuture<?> stream(Front.Asked asked, Executor loop) {
    String id = "belay-" + Long.toString(time.instant().toEpochMilli(), 36);
    StreamWriter writer = client.front().stream(asked, id, seconds());
    CompletableFuture<Told> answer =
        answerer.stream(order(asked), event -> piece(writer, event, loop)).toCompletableFuture();
    var unused =
        answer.whenCompleteAsync(
            (told, failure) -> {
              if (failure == null) {
                client.end();
              } else if (!answer.isCancelled()) {
                broken(writer, Later.cause(failure));
              }
            },
            loop);
    return answer;
  }

  private CompletionStage<Void> piece(StreamWriter writer, StreamEvent event, Executor loop) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    loop.execute(() -> {
      String text = writer.piece(event);
      if (!client.hasHead()) {
        client.beginStream();
        text = writer.begin() + text;
      }
      Later.then(
          client.write(Buffer.buffer(text)).toCompletableFuture(),
          ready,
          none -> ready.complete(null));
    });
    return ready;
  }

  private void broken(StreamWriter writer, Throwable failure) {
    if (!client.hasHead()) {
      client.fail(failure);
      return;
    }
    client.breakOff(writer.broken(Failures.of(failure)));
  }
}
