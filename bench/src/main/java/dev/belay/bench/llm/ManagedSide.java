package dev.belay.bench.llm;

import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.check.Validators;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.transport.HttpTransport;
import java.net.URI;

/** {@link LlmClient} with a number of validators that all pass. */
final class ManagedSide implements Side {
  static final String QUESTION = "Name three rivers, as JSON";
  private static final String CHECKS =
      """
      [{"type": "response_not_empty"},
       {"type": "json_string"},
       {"type": "field_present", "params": {"field_name": "answer"}},
       {"type": "length", "params": {"min": 10}},
       {"type": "length", "params": {"min": 2, "unit": "words"}},
       {"type": "regex", "params": {"pattern": "word"}},
       {"type": "contains", "params": {"required_text": "answer"}},
       {"type": "not_contains", "params": {"forbidden_text": "as a language model"}},
       {"type": "field_present", "params": {"field_name": "error", "should_exist": false}},
       {"type": "schema", "params": {"schema": {"type": "object", "required": ["answer"]}}}]
      """;

  private final HttpTransport transport;
  private final LlmClient client;
  private final LlmCall call;

  /**
   * A client of its own.
   *
   * @param validators 0 to 10
   */
  ManagedSide(URI upstream, int validators) {
    LlmEndpoint endpoint =
        LlmEndpoint.of("bench", "m")
            .backend(
                new Backend.Http(OpenAiChat.openAi(), upstream, Secret.of("key"), Headers.NONE))
            .build();
    transport = HttpTransport.builder().build();
    client = LlmClient.builder().route("smart", endpoint).transport(transport).build();
    Json.Arr all = (Json.Arr) Json.parse(CHECKS);
    call =
        LlmCall.of("smart", QUESTION)
            .checkedBy(
                Validators.standard().from(new Json.Arr(all.items().subList(0, validators))));
  }

  @Override
  public int ask() throws InterruptedException {
    return client.call(call).text().length();
  }

  @Override
  public void close() {
    client.close();
    transport.close();
  }
}
