package dev.belay.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.belay.Endpoint.Traits;
import dev.belay.llm.Usage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {
  private static final String CANARY = "sk-canary-1";

  private static Backend.Http at(String base) {
    return new Backend.Http(
        OpenAiChat.openAi(), URI.create(base), Secret.of(CANARY), Headers.of("x-key", CANARY));
  }

  @Test
  void itsNameSaysWhoAndWhatAndNeverTheKey() {
    LlmEndpoint endpoint =
        LlmEndpoint.of("openai", "gpt-x")
            .account("team")
            .backend(at("https://api.example/v1"))
            .prices(new Prices(2, 8, 0.5))
            .contextWindow(128_000)
            .build();

    assertThat(endpoint).hasToString("openai/gpt-x@team");
    assertThat(endpoint.backend().toString()).doesNotContain(CANARY);
    assertThat(endpoint.costOf(new Usage(1_000_000, 500_000, 400_000)))
        .isCloseTo(5.4, within(1e-9));
    assertThat(endpoint.contextWindow()).isEqualTo(128_000);
    assertThat(LlmEndpoint.of("openai", "gpt-x").backend(at("http://h")).build().name())
        .isEqualTo("openai/gpt-x");
  }

  @Test
  void aSuccessorKeepsBreakerAndRecord() {
    LlmEndpoint before = LlmEndpoint.of("openai", "gpt-x").backend(at("https://h/v1")).build();
    LlmEndpoint after =
        LlmEndpoint.of("openai", "gpt-x")
            .traits(Traits.NONE.withWeight(2))
            .backend(at("https://other/v1"))
            .replacing(before);

    assertThat(after.breaker()).isSameAs(before.breaker());
    assertThat(after.stats()).isSameAs(before.stats());
    assertThat(after.traits().weight()).isEqualTo(2);
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    assertThatThrownBy(() -> LlmEndpoint.of("open ai", "m")).hasMessageContaining("provider");
    assertThatThrownBy(() -> LlmEndpoint.of("a", " ")).hasMessageContaining("model");
    assertThatThrownBy(() -> LlmEndpoint.of("a", "m").account("a b"))
        .hasMessageContaining("account");
    assertThatThrownBy(() -> LlmEndpoint.of("a", "m").contextWindow(-1))
        .hasMessageContaining("context_window");
    assertThatThrownBy(() -> LlmEndpoint.of("a", "m").build()).hasMessageContaining("backend");
    assertThatThrownBy(() -> at("ftp://h")).hasMessageContaining("base");
    assertThatThrownBy(() -> at("https://user:" + CANARY + "@h"))
        .hasMessageContaining("base")
        .hasMessageNotContaining(CANARY);
    assertThatThrownBy(() -> new Prices(-1, 0, 0)).hasMessageContaining("input price");
    assertThatThrownBy(
            () -> new Backend.Cli(List.of(), Backend.Cli.Output.TEXT, Map.of(), Duration.ZERO))
        .hasMessageContaining("command");
    assertThatThrownBy(() -> new WireRequest("POST", "x", Headers.NONE, ""))
        .hasMessageContaining("path");
  }

  @Test
  void aKeyIsReadAnewEachTime(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("key");
    Secret secret = Secret.fromFile(file);

    assertThatThrownBy(secret::reveal)
        .isInstanceOf(MissingVariable.class)
        .hasMessageContaining("key");
    Files.writeString(file, CANARY + "\n");
    assertThat(secret.reveal()).isEqualTo(CANARY);
    Files.writeString(file, "other");
    assertThat(secret.reveal()).isEqualTo("other");
    assertThat(secret).hasToString("***");
    assertThat(Secret.NONE.reveal()).isEmpty();
    assertThat(Secret.from(() -> "x").reveal()).isEqualTo("x");
    assertThatThrownBy(Secret.fromEnvironment("BELAY_TEST_NO_SUCH_KEY")::reveal)
        .isInstanceOf(MissingVariable.class);
    assertThat(Secret.fromEnvironment("PATH").reveal()).isNotEmpty();
  }

  @Test
  void headersKnowNoCaseAndPrintNoValues() {
    Headers headers = new Headers(Map.of("X-A", List.of("1", "2"))).with("Authorization", CANARY);

    assertThat(headers.first("x-a")).contains("1");
    assertThat(headers.all("X-a")).containsExactly("1", "2");
    assertThat(headers.without("X-A").first("x-a")).isEmpty();
    assertThat(headers.toString()).contains("authorization").doesNotContain(CANARY);
    assertThat(new WireResponse(200, headers, CANARY).toString()).doesNotContain(CANARY);
  }
}
