package dev.belay.llm.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.McpServer;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.Tool;
import dev.belay.llm.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFormTest {
  private static final LlmRequest EVERYTHING =
      LlmRequest.to("best")
          .messages(
              List.of(
                  Message.system("Be brief."),
                  new Message(
                      Message.Role.USER,
                      List.of(
                          new Part.Text("What is it?"), new Part.Media("image/png", "aGk=", true))),
                  new Message(
                      Message.Role.ASSISTANT, List.of(new Part.ToolCall("1", "look", "{}"))),
                  new Message(
                      Message.Role.TOOL, List.of(new Part.ToolResult("1", "a cat", false)))))
          .tools(List.of(new Tool("look", "Looks.", Json.EMPTY.with("type", Json.of("object")))))
          .toolChoice("look")
          .format(new ResponseFormat.JsonSchema("thing", Json.EMPTY, true))
          .temperature(0.5)
          .topP(0.9)
          .maxTokens(100)
          .stop(List.of("END"))
          .mcpServers(
              List.of(
                  new McpServer.Stdio("a", "run", List.of("-x"), Map.of("K", "canary-1")),
                  new McpServer.Remote(
                      "b", "http", "https://b.example", Map.of("Auth", "canary-2"), List.of("t"))))
          .extra(Json.EMPTY.with("api_key", Json.of("canary-3")).with("seed", Json.of(7)))
          .build();

  @Test
  void readsWhatItWrote() {
    Json written = RequestForm.write(EVERYTHING);

    assertThat(RequestForm.write(RequestForm.read(Json.parse(written.toString()))).toString())
        .isEqualTo(written.toString());
  }

  @Test
  void redactedItKeepsItsShapeAndLosesItsSecrets() {
    Json.Obj redacted = Redaction.object(RequestForm.write(EVERYTHING));

    assertThat(redacted.toString()).doesNotContain("canary").contains("\"seed\":7", "\"K\"");
    assertThat(RequestForm.read(redacted).mcpServers()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-canary-0123456789",
        "AIzaSyCanary0123456789012345",
        "Authorization: Bearer canary.0123456789",
        "x-api-key: canary0123",
        "{\"password\": \"canary-pass\"}",
        "ghp_canary0123456789012345"
      })
  void takesOutWhateverLooksLikeAKey(String secret) {
    assertThat(Redaction.text("before " + secret + " after"))
        .doesNotContainIgnoringCase("canary")
        .startsWith("before ")
        .endsWith(" after");
  }

  @Test
  void leavesOrdinaryTextAlone() {
    String text = "At most 10 tokens per minute; the secret of asking is to ask. risk-free";

    assertThat(Redaction.text(text)).isEqualTo(text);
  }

  @Test
  void namesTheMemberThatIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestForm.read(Json.parse("{\"model\": 3}")))
        .withMessage("request: 'model' must be a string");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestForm.read(Json.parse("[]")))
        .withMessage("request must be an object");
  }
}
