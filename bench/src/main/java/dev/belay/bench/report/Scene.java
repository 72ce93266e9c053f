package dev.belay.bench.report;

import dev.belay.Time;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmClientBuilder;
import dev.belay.llm.call.LlmRoute;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Secret;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Exchange;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.time.Duration;
import java.util.List;

/**
 * A provider with a script and a client before it, with everything else as it comes. Safe for any
 * number of threads.
 */
final class Scene implements AutoCloseable {
  static final Time TIME = Time.system();
  static final LlmCall HELLO = LlmCall.of("smart", "hello");

  private final FaultyProvider provider;
  private final LlmClient client;

  private Scene(FaultyProvider provider, LlmClientBuilder client, Dialect dialect) {
    this.provider = provider;
    this.client = client.route("smart", endpoint(provider, dialect)).build();
  }

  /** One that speaks as OpenAI's chat completions do; the last answer is given for ever. */
  static Scene of(Answer first, Answer... rest) {
    return of(OpenAiChat.openAi(), first, rest);
  }

  static Scene of(Dialect dialect, Answer first, Answer... rest) {
    return of(LlmClient.builder(), dialect, Script.<LlmRequest, Answer>of(first, rest));
  }

  static Scene of(LlmClientBuilder client, Dialect dialect, Script<LlmRequest, Answer> script) {
    return new Scene(FaultyProvider.start(script), client, dialect);
  }

  static LlmEndpoint endpoint(FaultyProvider provider, Dialect dialect) {
    return endpoint("provider", provider, dialect, Secret.of("key")).build();
  }

  static LlmEndpoint.Builder endpoint(
      String name, FaultyProvider provider, Dialect dialect, Secret key) {
    String base =
        switch (dialect.name()) {
          case "anthropic" -> "";
          case "gemini" -> "/v1beta";
          default -> "/v1";
        };
    return LlmEndpoint.of(name, "m")
        .backend(new Backend.Http(dialect, provider.uri(base), key, Headers.NONE));
  }

  FaultyProvider provider() {
    return provider;
  }

  LlmClient client() {
    return client;
  }

  LlmRoute route() {
    return client.route("smart");
  }

  /** Returns when the gate has heard that it must wait. */
  void awaitClosedGate() throws InterruptedException {
    long end = TIME.nanos() + Duration.ofSeconds(30).toNanos();
    while (route().gate(route().endpoints().getFirst()).closedFor().isZero()) {
      if (TIME.nanos() > end) {
        throw new IllegalStateException("the gate did not close");
      }
      TIME.sleep(100_000);
    }
  }

  /** What the provider saw: when after its first request, what was asked, what it said. */
  List<String> log() {
    List<Exchange> all = provider.exchanges();
    long first = all.getFirst().request().arrivalNanos();
    return all.stream()
        .map(seen ->
            "+%.3f s %s, model %s: %s"
                .formatted(
                    (seen.request().arrivalNanos() - first) / 1e9,
                    seen.request().path(),
                    seen.request().model(),
                    seen.status() == 0 ? "no answer" : seen.status()))
        .toList();
  }

  static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  static double millisSince(long startNanos) {
    return (TIME.nanos() - startNanos) / 1e6;
  }

  @Override
  public void close() {
    client.close();
    provider.close();
  }
}
