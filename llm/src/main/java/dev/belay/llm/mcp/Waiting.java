package dev.belay.llm.mcp;

import dev.belay.Time;
import dev.belay.llm.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Who waits for which answer of a server. Safe for any number of threads. */
final class Waiting {
  private final String server;
  private final Time time;
  private final AtomicLong last = new AtomicLong();
  private final Map<Long, CompletableFuture<Json.Obj>> answers = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable ToolServerException> end = new AtomicReference<>();

  Waiting(String server, Time time) {
    this.server = server;
    this.time = time;
  }

  String server() {
    return server;
  }

  /** Sends what is asked for, once it is known who waits for it. */
  @FunctionalInterface
  interface Sender {
    void send(long id, CompletableFuture<Json.Obj> answer);
  }

  /**
   * Asks and waits.
   *
   * @param given is told which request nobody waits for any more
   * @return the whole answer
   */
  Json.Obj ask(Duration most, Sender sender, LongConsumer given) throws InterruptedException {
    long id = last.incrementAndGet();
    CompletableFuture<Json.Obj> answer = new CompletableFuture<>();
    answers.put(id, answer);
    Time.Timer timer =
        time.after(
            most.toNanos(),
            Thread::startVirtualThread,
            () ->
                answer.completeExceptionally(
                    new ToolServerException(server, "did not answer within " + most)));
    boolean heard = false;
    try {
      ToolServerException over = end.get();
      if (over != null) {
        heard = true;
        throw over;
      }
      sender.send(id, answer);
      Json.Obj message = answer.get();
      heard = true;
      return message;
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof ToolServerException known
          ? known
          : new ToolServerException(server, "cannot be asked");
    } finally {
      timer.cancel();
      answers.remove(id);
      if (!heard && end.get() == null) {
        given.accept(id);
      }
    }
  }

  /** An answer came; one that nobody waits for is passed over. */
  void heard(Json.Obj message) {
    Rpc.answers(message)
        .ifPresent(id -> {
          CompletableFuture<Json.Obj> answer = answers.get(id);
          if (answer != null) {
            answer.complete(message);
          }
        });
  }

  /** There will be no more answers; the first reason stands. */
  void over(String why) {
    end.compareAndSet(null, new ToolServerException(server, why));
    ToolServerException reason = end.get();
    if (reason != null) {
      answers.values().forEach(answer -> answer.completeExceptionally(reason));
    }
  }
}
