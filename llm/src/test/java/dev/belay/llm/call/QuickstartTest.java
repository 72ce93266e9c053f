package dev.belay.llm.call;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

/** The example of the README. */
class QuickstartTest {

  @Test
  void fiveLinesToAnAnswerThatHolds() throws Exception {
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
      // README: begin
      try (LlmClient client = LlmClient.builder().route("smart", claude, gpt).build()) {
        var json = Validators.standard().from(Json.parse("{\"type\": \"json_string\"}"));
        LlmCall call = LlmCall.of("smart", "A river in Europe, as JSON").checkedBy(json);
        answer = client.call(call).text();
      }
      // README: end

      assertThat(answer).isEqualTo("{\"river\": \"Rhine\"}");
      assertThat(first.requestCount()).isEqualTo(1);
    }
  }
}
