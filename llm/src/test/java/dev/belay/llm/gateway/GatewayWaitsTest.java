package dev.belay.llm.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.call.LlmRoute;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatewayWaitsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final Duration ASKED = Duration.ofMillis(500);

  private final FaultyProvider provider =
      FaultyProvider.start(
          Script.<dev.belay.testkit.llm.LlmRequest, Answer>of(
              Fault.rateLimited(ASKED), Answer.text("hello")));
  private final GatewayHarness gateway = new GatewayHarness();

  @AfterEach
  void close() throws Exception {
    gateway.close();
    provider.close();
  }

  @Test
  void oneRefusalParksAllWhoComeAfterIt() throws Exception {
    gateway.route(GatewayRoute.passing(GatewayHarness.models("openai", provider))).start();
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();

    all.add(ask(""));
    assertThat(provider.awaitRequests(1, Duration.ofSeconds(20))).isTrue();
    // the refusal has to be back before the others come
    while (isOpen(gateway.gateway().routes().getFirst().models())) {
      Thread.onSpinWait();
    }
    for (int i = 1; i < 64; i++) {
      all.add(ask(i % 2 == 0 ? "" : ", \"stream\": true"));
    }

    for (CompletableFuture<HttpResponse<String>> one : all) {
      HttpResponse<String> answer = one.get(30, TimeUnit.SECONDS);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.headers().firstValueAsLong("x-belay-waited-ms").orElse(0)).isPositive();
    }
    assertThat(provider.countOf(429)).isEqualTo(1);
    assertThat(provider.countOf(200)).isEqualTo(64);
    assertThat(provider.wastedCalls()).isZero();
  }

  private static boolean isOpen(LlmRoute route) {
    return route.gate(route.endpoints().getFirst()).closedFor().isZero();
  }

  private CompletableFuture<HttpResponse<String>> ask(String more) {
    return gateway
        .client()
        .sendAsync(
            gateway.request(CHAT, GatewayHarness.chat("smart", "hi", more)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
