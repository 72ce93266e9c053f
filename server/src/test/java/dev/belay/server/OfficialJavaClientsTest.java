package dev.belay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicException;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The providers' own clients for Java, as they come, with their own retries off. */
@Timeout(300)
class OfficialJavaClientsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private ClientsWorld world;

  @BeforeEach
  void start() throws Exception {
    world = ClientsWorld.start();
  }

  @AfterEach
  void stop() throws Exception {
    world.stop();
  }

  private static void assertAboutAMinuteAndAHalf(List<String> retryAfter) {
    assertThat(retryAfter).hasSize(1);
    assertThat(Double.parseDouble(retryAfter.getFirst())).isBetween(60.0, 91.0);
  }

  @Nested
  class OfOpenAi {
    private OpenAIClient client;

    @BeforeEach
    void connect() {
      client = client(ClientsWorld.KEY);
    }

    @AfterEach
    void disconnect() {
      client.close();
    }

    private OpenAIClient client(String key) {
      return OpenAIOkHttpClient.builder()
          .baseUrl(world.gateway() + "/v1")
          .apiKey(key)
          .maxRetries(0)
          .timeout(PATIENCE)
          .build();
    }

    private static ChatCompletionCreateParams.Builder hi(String model) {
      return ChatCompletionCreateParams.builder().model(model).addUserMessage("hi");
    }

    private ChatCompletion chat(String model) {
      return client.chat().completions().create(hi(model).build());
    }

    private String streamed(String model) {
      try (var stream = client.chat().completions().createStreaming(hi(model).build())) {
        return stream.stream()
            .flatMap(chunk -> chunk.choices().stream())
            .flatMap(choice -> choice.delta().content().stream())
            .collect(Collectors.joining());
      }
    }

    private static ResponseCreateParams asking(String model) {
      return ResponseCreateParams.builder().model(model).input("hi").build();
    }

    private String respondedPieceByPiece(String model) {
      try (var stream = client.responses().createStreaming(asking(model))) {
        return stream.stream()
            .flatMap(event -> event.outputTextDelta().stream())
            .map(delta -> delta.delta())
            .collect(Collectors.joining());
      }
    }

    @Test
    void chats() {
      ChatCompletion answer = chat("chat");

      assertThat(answer.choices().getFirst().message().content()).contains("hello there");
      assertThat(answer.usage().orElseThrow().totalTokens()).isPositive();
    }

    @Test
    void streams() {
      assertThat(streamed("chat")).isEqualTo("hello there");
    }

    @Test
    void getsCallsOfTools() {
      FunctionDefinition look =
          FunctionDefinition.builder()
              .name("look")
              .parameters(
                  FunctionParameters.builder()
                      .putAdditionalProperty("type", JsonValue.from("object"))
                      .build())
              .build();

      ChatCompletion answer =
          client.chat().completions().create(hi("tools").addFunctionTool(look).build());

      var choice = answer.choices().getFirst();
      assertThat(choice.finishReason().asString()).isEqualTo("tool_calls");
      var called = choice.message().toolCalls().orElseThrow().getFirst().asFunction().function();
      assertThat(called.name()).isEqualTo("look");
      assertThat(called.arguments()).isEqualTo("{\"q\":1}");
    }

    @Test
    void seesWhenToComeBackFromALimit() {
      RateLimitException limited =
          catchThrowableOfType(RateLimitException.class, () -> chat("limited"));

      assertThat(limited.statusCode()).isEqualTo(429);
      assertAboutAMinuteAndAHalf(limited.headers().values("retry-after"));
    }

    @Test
    void isToldThatItsKeyIsUnknown() {
      OpenAIClient stranger = client("sk-nobody-gave-this");
      try {
        assertThatThrownBy(() -> stranger.chat().completions().create(hi("chat").build()))
            .isInstanceOf(UnauthorizedException.class);
      } finally {
        stranger.close();
      }
    }

    @Test
    void isToldThatThereIsNoSuchModel() {
      assertThatThrownBy(() -> chat("nosuch")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void neverTakesACutStreamForAWholeOne() {
      assertThatThrownBy(() -> streamed("broken")).isInstanceOf(OpenAIException.class);
    }

    @Test
    void getsResponses() {
      Response answer = client.responses().create(asking("responses"));

      String text =
          answer.output().stream()
              .flatMap(item -> item.message().stream())
              .flatMap(message -> message.content().stream())
              .flatMap(content -> content.outputText().stream())
              .map(part -> part.text())
              .collect(Collectors.joining());
      assertThat(text).isEqualTo("hello there");
    }

    @Test
    void getsCallsOfToolsInResponses() {
      Response answer = client.responses().create(asking("responses-tools"));

      assertThat(answer.output())
          .flatExtracting(item -> item.functionCall().stream().map(call -> call.name()).toList())
          .containsExactly("look");
    }

    @Test
    void getsResponsesPieceByPiece() {
      assertThat(respondedPieceByPiece("responses")).isEqualTo("hello there");
    }

    @Test
    void neverTakesACutResponseForAWholeOne() {
      assertThatThrownBy(() -> respondedPieceByPiece("responses-broken"))
          .isInstanceOf(OpenAIException.class);
    }

    @Test
    void listsTheRoutesAsModels() {
      assertThat(client.models().list().items())
          .extracting(Model::id)
          .contains("chat", "responses", "claude");
    }
  }

  @Nested
  class OfAnthropic {
    private AnthropicClient client;

    @BeforeEach
    void connect() {
      client = client(ClientsWorld.KEY);
    }

    @AfterEach
    void disconnect() {
      client.close();
    }

    private AnthropicClient client(String key) {
      return AnthropicOkHttpClient.builder()
          .baseUrl(world.gateway())
          .apiKey(key)
          .maxRetries(0)
          .timeout(PATIENCE)
          .build();
    }

    private static MessageCreateParams.Builder hi(String model) {
      return MessageCreateParams.builder().model(model).maxTokens(100).addUserMessage("hi");
    }

    private Message message(String model) {
      return client.messages().create(hi(model).build());
    }

    private String streamed(String model) {
      try (var stream = client.messages().createStreaming(hi(model).build())) {
        return stream.stream()
            .flatMap(event -> event.contentBlockDelta().stream())
            .flatMap(event -> event.delta().text().stream())
            .map(delta -> delta.text())
            .collect(Collectors.joining());
      }
    }

    @Test
    void talks() {
      Message answer = message("claude");

      assertThat(answer.content().getFirst().text().orElseThrow().text()).isEqualTo("hello there");
      assertThat(answer.stopReason()).contains(StopReason.END_TURN);
      assertThat(answer.usage().outputTokens()).isPositive();
    }

    @Test
    void streams() {
      assertThat(streamed("claude")).isEqualTo("hello there");
    }

    @Test
    void getsCallsOfTools() {
      Tool look =
          Tool.builder().name("look").inputSchema(Tool.InputSchema.builder().build()).build();

      Message answer = client.messages().create(hi("claude-tools").addTool(look).build());

      assertThat(answer.stopReason()).contains(StopReason.TOOL_USE);
      assertThat(answer.content().stream().filter(ContentBlock::isToolUse))
          .extracting(block -> block.asToolUse().name())
          .containsExactly("look");
    }

    @Test
    void seesWhenToComeBackFromALimit() {
      var limited =
          catchThrowableOfType(
              com.anthropic.errors.RateLimitException.class, () -> message("claude-limited"));

      assertThat(limited.statusCode()).isEqualTo(429);
      assertAboutAMinuteAndAHalf(limited.headers().values("retry-after"));
    }

    @Test
    void isToldThatItsKeyIsUnknown() {
      AnthropicClient stranger = client("sk-ant-nobody-gave-this");
      try {
        assertThatThrownBy(() -> stranger.messages().create(hi("claude").build()))
            .isInstanceOf(com.anthropic.errors.UnauthorizedException.class);
      } finally {
        stranger.close();
      }
    }

    @Test
    void isToldThatThereIsNoSuchModel() {
      assertThatThrownBy(() -> message("nosuch"))
          .isInstanceOf(com.anthropic.errors.NotFoundException.class);
    }

    @Test
    void neverTakesACutStreamForAWholeOne() {
      assertThatThrownBy(() -> streamed("claude-broken")).isInstanceOf(AnthropicException.class);
    }
  }
}
