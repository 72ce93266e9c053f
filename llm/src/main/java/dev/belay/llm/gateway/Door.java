package dev.belay.llm.gateway;

import static java.util.Objects.requireNonNull;

import dev.belay.Time;
import dev.belay.llm.front.AnthropicFront;
import dev.belay.llm.front.BadRequest;
import dev.belay.llm.front.Front;
import dev.belay.llm.front.GatewayError;
import dev.belay.llm.front.OpenAiChatFront;
import dev.belay.llm.front.OpenAiResponsesFront;
import dev.belay.llm.transcript.CallRecord;
import dev.belay.llm.transcript.Ending;
import dev.belay.llm.transport.HttpTransport;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets requests in: who may, what they ask, and who sees to it. Safe for any number of threads. */
final class Door implements Handler<HttpServerRequest> {
  private static final Front OPENAI = new OpenAiChatFront();
  private static final Ending GONE = new Ending("Cancelled", "the client has left");
  private static final List<Front> FRONTS =
      List.of(OPENAI, new OpenAiResponsesFront(), new AnthropicFront());

  private final GatewaySettings settings;
  private final HttpTransport transport;
  private final Time time;
  private final Keys keys;
  private final GatewayCounts counts = new GatewayCounts();
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile Map<String, GatewayRoute> routes = Map.of();
  private volatile boolean closing;

  Door(GatewaySettings settings, HttpTransport transport, Time time) {
    this.settings = settings;
    this.transport = transport;
    this.time = time;
    this.keys = new Keys(settings.keys());
  }

  void use(Map<String, GatewayRoute> named) {
    routes = named;
  }

  Map<String, GatewayRoute> routes() {
    return routes;
  }

  GatewayCounts counts() {
    return counts;
  }

  int underWay() {
    return underWay.get();
  }

  void close() {
    closing = true;
  }

  @Override
  public void handle(HttpServerRequest request) {
    counts.request();
    String path = request.path() == null ? "" : request.path();
    Front front = front(path);
    Optional<String> name = keys.owner(request.headers());
    Client client = new Client(request, front, name.orElse(""));
    if (name.isEmpty()) {
      refuse(client, unknownKey());
    } else if (path.equals("/v1/models") && request.method().equals(HttpMethod.GET)) {
      client.send(200, Buffer.buffer(Models.list(routes.keySet()).toString()));
    } else if (!front.path().equals(path)) {
      refuse(client, nothingThere(path));
    } else if (!request.method().equals(HttpMethod.POST)) {
      refuse(client, GatewayError.of(405, "method_not_allowed", "Use POST."));
    } else if (closing || underWay.get() >= settings.underWay()) {
      refuse(client, full());
    } else {
      read(request, client);
    }
  }

  private static Front front(String path) {
    for (Front front : FRONTS) {
      if (front.path().equals(path)) {
        return front;
      }
    }
    return OPENAI;
  }

  private void refuse(Client client, GatewayError error) {
    counts.refuse();
    client.send(error);
  }

  private static GatewayError unknownKey() {
    return GatewayError.of(
        401,
        "invalid_api_key",
        "Send one of the gateway's own keys, as Authorization: Bearer or as x-api-key.");
  }

  private GatewayError nothingThere(String path) {
    String paths = String.join(", ", FRONTS.stream().map(Front::path).toList());
    boolean plain = path.matches("[A-Za-z0-9/._-]{1,128}");
    return GatewayError.of(
        404,
        "not_found",
        "There is nothing at %s; there are %s and /v1/models."
            .formatted(plain ? path : "this path", paths));
  }

  private GatewayError full() {
    return new GatewayError(
        503,
        "gateway_full",
        closing
            ? "The gateway is about to stop."
            : "%d requests are under way, as many as llm.under_way allows."
                .formatted(settings.underWay()),
        "",
        Duration.ofSeconds(1));
  }

  private void read(HttpServerRequest request, Client client) {
    underWay.incrementAndGet();
    client.onOver(underWay::decrementAndGet);
    Buffer body = Buffer.buffer();
    request.handler(chunk -> {
      if (body.length() + chunk.length() > settings.bodyBytes()) {
        request.handler(more -> {});
        refuse(client, tooLarge());
      } else {
        body.appendBuffer(chunk);
      }
    });
    request.endHandler(none -> {
      if (!client.isGone()) {
        serve(client, body.getBytes());
      }
    });
  }

  private GatewayError tooLarge() {
    return GatewayError.of(
        413,
        "request_too_large",
        "The body may have %d bytes (llm.body_bytes).".formatted(settings.bodyBytes()));
  }

  private void serve(Client client, byte[] body) {
    try {
      ModelField model = ModelField.of(body);
      GatewayRoute route = routes.get(model.model());
      if (route == null) {
        refuse(client, Models.unknown(model.model(), routes.keySet()));
      } else if (route.passes(client.front())) {
        pass(client, model, route, body);
      } else if (route.answerer().isPresent()) {
        counts.answer();
        String text = new String(body, StandardCharsets.UTF_8);
        Answering answering = new Answering(route, route.answerer().get(), client, time);
        leaveWith(client, answering.start(client.front().read(text), loop()));
      } else {
        refuse(client, otherProtocol(client, route));
      }
    } catch (BadRequest bad) {
      refuse(client, Failures.of(bad));
    }
  }

  private void pass(Client client, ModelField model, GatewayRoute route, byte[] body) {
    counts.pass();
    PassageLog log = new PassageLog(record(client, route, body), time);
    PassageCall call = new PassageCall(transport, route, client, model, log, time::instant);
    client.onGone(() -> call.end(GONE));
    leaveWith(
        client,
        model.isStream()
            ? new StreamPassage(call).start(loop())
            : new WholePassage(call).start(loop()));
  }

  /** Looked into only if somebody writes it down; what cannot be read is passed on all the same. */
  private static CallRecord record(Client client, GatewayRoute route, byte[] body) {
    if (!route.models().isRecorded()) {
      return CallRecord.NONE;
    }
    try {
      Front.Asked asked = client.front().read(new String(body, StandardCharsets.UTF_8));
      return route.models().record(client.caller(), asked.request());
    } catch (BadRequest notOurs) {
      return CallRecord.NONE;
    }
  }

  /** Nothing goes on for a client that has left. */
  private static void leaveWith(Client client, CompletableFuture<?> work) {
    client.onGone(() -> work.cancel(true));
  }

  private static GatewayError otherProtocol(Client client, GatewayRoute route) {
    return GatewayError.of(
        400,
        "unsupported_protocol",
        "The providers of %s do not speak as %s does; ask at another path."
            .formatted(route.name(), client.front().path()));
  }

  private static Executor loop() {
    Context context = requireNonNull(Vertx.currentContext(), "context");
    return task -> {
      if (context.equals(Vertx.currentContext())) { // already there
        task.run();
      } else {
        context.runOnContext(none -> task.run());
      }
    };
  }
}
