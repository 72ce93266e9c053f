package dev.belay.llm.gateway;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerPolicy;
import dev.belay.CircuitBreaker;
import dev.belay.Time;
import dev.belay.http.Loops;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmRoute;
import dev.belay.llm.delay.ClassRule;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.HintRules;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.OpenAiResponses;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.transport.HttpTransport;
import dev.belay.testkit.llm.FaultyProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A gateway in front of providers that fail, and a client of it. */
final class GatewayHarness {
  static final String CANARY = "sk-canary-of-ours";

  private final Loops loops = Loops.inBackground(1);
  private final HttpTransport transport = HttpTransport.builder().loops(loops).build();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<GatewayRoute> routes = new ArrayList<>();
  private @Nullable LlmGateway gateway;

  private static Dialect dialect(String name) {
    return switch (name) {
      case "anthropic" -> Anthropic.messages();
      case "responses" -> OpenAiResponses.openAi();
      default -> OpenAiChat.openAi();
    };
  }

  /** The usual waits, but short ones. */
  private static DelaySettings quick() {
    DelaySettings usual = DelaySettings.DEFAULT;
    Map<ErrorKind, ClassRule> classes = new EnumMap<>(ErrorKind.class);
    usual
        .classes()
        .forEach((kind, rule) ->
            classes.put(kind, rule.withBase(Duration.ofMillis(5)).withCap(Duration.ofMillis(20))));
    return new DelaySettings(
        true,
        usual.preset(),
        usual.rollout(),
        new HintRules(true, Duration.ofSeconds(5), usual.hints().overLimit()),
        usual.budget(),
        classes,
        usual.providers());
  }

  /** What a model of the gateway stands for: the same one at each of the providers, in order. */
  static LlmRoute models(String dialect, FaultyProvider... providers) {
    List<LlmEndpoint> endpoints = new ArrayList<>();
    for (FaultyProvider provider : providers) {
      URI base = provider.uri(dialect.equals("anthropic") ? "" : "/v1");
      String name = "provider-" + endpoints.size();
      endpoints.add(
          LlmEndpoint.of(name, "real-model")
              .backend(new Backend.Http(dialect(dialect), base, Secret.of(CANARY), Headers.NONE))
              .breaker(CircuitBreaker.of(name, BreakerPolicy.DEFAULT))
              .build());
    }
    return LlmClient.builder().route("smart", endpoints).delays(quick()).build().route("smart");
  }

  GatewayHarness route(GatewayRoute route) {
    routes.add(route);
    return this;
  }

  GatewayHarness start(GatewaySettings settings) throws Exception {
    gateway =
        LlmGateway.start(loops, settings.withPort(0), transport, routes, Time.system())
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    return this;
  }

  GatewayHarness start() throws Exception {
    return start(GatewaySettings.DEFAULT);
  }

  LlmGateway gateway() {
    return requireNonNull(gateway, "not started");
  }

  HttpClient client() {
    return client;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + gateway().port() + path);
  }

  HttpRequest.Builder request(String path, String body) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(Duration.ofSeconds(30))
        .header("content-type", "application/json")
        .header("anthropic-version", "2023-06-01")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    HttpResponse<String> response =
        client.send(request(path, body).build(), HttpResponse.BodyHandlers.ofString());
    if (response.body().contains(CANARY) || response.headers().toString().contains(CANARY)) {
      throw new AssertionError("shows our key: " + response.body());
    }
    return response;
  }

  /** All bytes of an answer up to the end of its connection, as a client of few words sees them. */
  String raw(String path, String body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway().port())) {
      socket.setSoTimeout(20_000);
      String head =
          "POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nanthropic-version: 1\r\nContent-Length: %d\r\n\r\n"
              .formatted(path, body.length());
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static String chat(String model, String question, String more) {
    return "{\"model\": \"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
        .formatted(model, question, more);
  }

  static String messages(String model, String question, String more) {
    return "{\"max_tokens\":100,\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
        .formatted(model, question, more);
  }

  void close() throws Exception {
    client.shutdownNow();
    LlmGateway started = gateway;
    if (started != null) {
      started.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    transport.close();
    loops.vertx().close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
