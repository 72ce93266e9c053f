package dev.belay.llm.mcp;

import dev.belay.Time;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.SseParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A server that takes each message by POST and answers by JSON or by a stream of events (streamable
 * HTTP). Follows no redirect, since it sends a login.
 */
final class HttpChannel implements Channel {
  private static final String SESSION = "Mcp-Session-Id";
  private static final int PIECE = 8 << 10;
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final String name;
  private final URI url;
  private final Map<String, String> headers;
  private final Waiting waiting;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(Thread::startVirtualThread)
          .build();
  private final AtomicReference<String> session = new AtomicReference<>("");
  private final AtomicReference<String> version = new AtomicReference<>("");
  private final AtomicReference<CompletableFuture<?>> greeting =
      new AtomicReference<>(CompletableFuture.completedFuture(null));
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * One that has said nothing yet.
   *
   * @param headers sent with each message; never shown
   * @throws ToolServerException if address or headers are none
   */
  HttpChannel(String name, URI url, Map<String, String> headers, Time time) {
    this.name = name;
    this.url = url;
    this.headers = Map.copyOf(headers);
    this.waiting = new Waiting(name, time);
    try {
      var unused = addressed().build();
    } catch (IllegalArgumentException unfit) {
      // its words hold the value, which may be a key
      throw new ToolServerException(name, "has an address or a header that cannot be sent");
    }
  }

  @Override
  public Json.Obj ask(String method, Json.Obj parameters, Duration most)
      throws InterruptedException {
    AtomicReference<Thread> worker = new AtomicReference<>(Thread.currentThread());
    Waiting.Sender sender =
        (id, answer) ->
            worker.set(
                Thread.startVirtualThread(() -> post(Rpc.request(id, method, parameters), answer)));
    Thread caller = Thread.currentThread();
    try {
      Json.Obj answer =
          waiting.ask(most, sender, id -> tell("notifications/cancelled", Rpc.cancelled(id)));
      return Rpc.result(name, answer);
    } finally {
      Thread posting = worker.get();
      if (!posting.equals(caller)) {
        posting.interrupt(); // ends the request, if nobody waits for it any more
      }
    }
  }

  @Override
  public void tell(String method, Json.Obj parameters) {
    send(Rpc.notification(method, parameters));
  }

  private void send(Json.Obj message) {
    var unused = client.sendAsync(request(message), BodyHandlers.discarding());
  }

  @Override
  public void agreed(String protocol) {
    version.set(protocol);
    greeting.set(
        client.sendAsync(
            request(Rpc.notification(Rpc.READY, Json.EMPTY)), BodyHandlers.discarding()));
  }

  private HttpRequest request(Json.Obj message) {
    return addressed()
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .POST(BodyPublishers.ofString(message.toString()))
        .build();
  }

  private HttpRequest.Builder addressed() {
    HttpRequest.Builder to = HttpRequest.newBuilder(url);
    headers.forEach(to::setHeader);
    if (!session.get().isEmpty()) {
      to.setHeader(SESSION, session.get());
    }
    if (!version.get().isEmpty()) {
      to.setHeader("MCP-Protocol-Version", version.get());
    }
    return to;
  }

  private void post(Json.Obj message, CompletableFuture<Json.Obj> answer) {
    try {
      greeted();
      HttpResponse<InputStream> response =
          client.send(request(message), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw new ToolServerException(
              name, "answered with status %d".formatted(response.statusCode()));
        }
        response.headers().firstValue(SESSION).ifPresent(session::set);
        read(response, body, answer);
      }
      answer.completeExceptionally(new ToolServerException(name, "ended without an answer"));
    } catch (IOException broken) {
      answer.completeExceptionally(
          new ToolServerException(
              name, "cannot be reached, or broke off: " + broken.getClass().getSimpleName()));
    } catch (InterruptedException given) {
      answer.completeExceptionally(new ToolServerException(name, "was given up"));
    } catch (RuntimeException broken) {
      answer.completeExceptionally(broken);
    }
  }

  /** Each message is a request of its own, and the second must not overtake the first. */
  private void greeted() throws InterruptedException {
    try {
      var unused = greeting.get().get();
    } catch (ExecutionException unheard) {
      // what is asked next will say what is wrong
    }
  }

  private void read(
      HttpResponse<InputStream> response, InputStream body, CompletableFuture<Json.Obj> answer)
      throws IOException {
    boolean streamed =
        response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
    if (streamed) {
      events(body, answer);
      return;
    }
    byte[] all = body.readNBytes(LARGEST + 1);
    if (all.length > LARGEST) {
      throw new ToolServerException(name, tooLarge());
    }
    Rpc.read(new String(all, StandardCharsets.UTF_8)).ifPresent(waiting::heard);
  }

  /** Until the answer is there; what else comes is for nobody, unless it wants a reply. */
  private void events(InputStream body, CompletableFuture<Json.Obj> answer) throws IOException {
    SseParser parser = new SseParser(LARGEST);
    byte[] buffer = new byte[PIECE];
    try {
      for (int count = body.read(buffer);
          count >= 0 && !answer.isDone();
          count = body.read(buffer)) {
        parser.feed(
            Arrays.copyOf(buffer, count),
            event ->
                Rpc.read(event.data())
                    .ifPresent(message -> {
                      Rpc.reply(message).ifPresent(this::send);
                      waiting.heard(message);
                    }));
        if (answer.isDone()) {
          return;
        }
      }
    } catch (SseParser.TooLong flood) {
      throw new ToolServerException(name, tooLarge());
    }
  }

  private static String tooLarge() {
    return "wrote a message of more than %d bytes".formatted(LARGEST);
  }

  /** Tells the server that its session is over, if there is one. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    waiting.over("was closed");
    Thread.startVirtualThread(() -> {
      try {
        if (!session.get().isEmpty()) {
          var unused =
              client.send(
                  addressed().timeout(FAREWELL).DELETE().build(), BodyHandlers.discarding());
        }
      } catch (IOException | InterruptedException gone) {
        // it will find out by itself
      } finally {
        client.shutdownNow();
      }
    });
  }
}
