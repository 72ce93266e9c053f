package dev.belay.llm.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.Tool;
import dev.belay.llm.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolCallCheckTest {
  private static final Json.Obj SCHEMA =
      (Json.Obj)
          Json.parse(
              "{\"type\": \"object\", \"required\": [\"city\"], \"properties\": {\"city\": {\"type\": \"string\"}}}");
  private static final LlmRequest REQUEST =
      LlmRequest.to("m")
          .messages(List.of(Message.user("Weather?")))
          .tools(List.of(new Tool("weather", "", SCHEMA), new Tool("time", "", Json.EMPTY)))
          .build();

  private static List<String> check(String params, Part.ToolCall... calls)
      throws InterruptedException {
    Validator validator =
        Validators.standard().make("tool_call", (Json.Obj) Json.parse("{" + params + "}"));
    Finding finding =
        validator.check(
            new Answer("", List.of(calls), "", Finish.TOOL_CALLS, REQUEST), CheckContext.FIRST);
    return finding instanceof Finding.Invalid invalid
        ? invalid.problems().stream().map(Problem::message).toList()
        : List.of();
  }

  private static Part.ToolCall call(String name, String arguments) {
    return new Part.ToolCall("1", name, arguments);
  }

  @Test
  void argumentsMustSatisfyTheSchema() throws Exception {
    assertThat(check("", call("weather", "{\"city\": \"Zürich\"}"))).isEmpty();
    assertThat(check("", call("time", ""))).isEmpty();
    assertThat(check("", call("weather", "{\"city\": 1}")))
        .singleElement()
        .asString()
        .startsWith("arguments of 'weather': /city: ");
    assertThat(check("", call("weather", "{city: 'x'}")))
        .singleElement()
        .asString()
        .startsWith("the arguments of 'weather' are not JSON: ");
  }

  @Test
  void toolsMustBeKnownAndAllowed() throws Exception {
    assertThat(check("", call("wether", "{}")))
        .containsExactly("there is no tool 'wether' to call");
    assertThat(check("\"allowed\": \"time\"", call("weather", "{}"))).hasSize(1);
    assertThat(check("\"max_calls\": 1", call("time", "{}"), call("time", "{}")))
        .containsExactly("the answer has 2 tool calls, and must have 0 to 1");
    assertThat(check("\"min_calls\": 1")).hasSize(1);
  }
}
