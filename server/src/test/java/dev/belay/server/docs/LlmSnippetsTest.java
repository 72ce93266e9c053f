package dev.belay.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.check.Validator;
import dev.belay.llm.check.Validators;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Secret;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code on models in the documents, run as it stands there. */
class LlmSnippetsTest {

  @Test
  void modelsHaveNames() {
    LlmEndpoint claude =
        LlmEndpoint.anthropic("claude-sonnet-4-5", Secret.fromEnvironment("ANTHROPIC_API_KEY"));
    LlmEndpoint gpt = LlmEndpoint.openAi("gpt-5", Secret.fromEnvironment("OPENAI_API_KEY"));
    assertThat(List.of(claude, gpt)).extracting(LlmEndpoint::name).hasSize(2);
  }

  @Test
  void anAnswerThatHolds() throws Exception {
    try (FaultyProvider first = FaultyProvider.start(Fault.rateLimited(Duration.ofSeconds(40)));
        FaultyProvider second =
            FaultyProvider.start(
                Script.<LlmRequest, Answer>of(
                    Answer.text("The Rhine, I think"), Answer.text("{\"river\": \"Rhine\"}")))) {
      LlmEndpoint claude =
          LlmEndpoint.of("anthropic", "claude")
              .backend(
                  new Backend.Http(
                      Anthropic.messages(), first.uri(), Secret.of("key"), Headers.NONE))
              .build();
      LlmEndpoint gpt =
          LlmEndpoint.of("openai", "gpt")
              .backend(
                  new Backend.Http(
                      OpenAiChat.openAi(), second.uri("/v1"), Secret.of("key"), Headers.NONE))
              .build();
      String answer;
      List<Validator> json = Validators.standard().from(Json.of("json"));
      try (LlmClient client = LlmClient.builder().route("smart", claude, gpt).build()) {
        LlmCall call = LlmCall.of("smart", "A river in Europe, as JSON").checkedBy(json);
        answer = client.call(call).text();
      }
      assertThat(answer).isEqualTo("{\"river\": \"Rhine\"}");
      assertThat(first.requestCount()).isEqualTo(1);
    }
  }
}
