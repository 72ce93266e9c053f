package dev.belay.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {

  @Test
  void aRequestNamesTheFieldThatIsWrong() {
    assertThatThrownBy(() -> LlmRequest.to("m").build())
        .hasMessage("messages must hold at least 1 message, held 0");
    assertThatThrownBy(() -> LlmRequest.of("m", "hi").toBuilder().temperature(3).build())
        .hasMessageStartingWith("temperature must be 0 to 2");
  }

  @Test
  void jsonComesBackAsItWasWritten() {
    String text = "{\"a\":[1,2.50,true,null,\"\\u0007é\"],\"b\":{}}";

    assertThat(Json.parse(text)).hasToString("{\"a\":[1,2.50,true,null,\"\\u0007é\"],\"b\":{}}");
  }

  @Test
  void brokenJsonIsToldByLineAndColumn() {
    assertThatThrownBy(() -> Json.parse("{\n  \"a\": ]"))
        .isInstanceOfSatisfying(
            JsonException.class, broken -> assertThat(broken.line()).isEqualTo(2));
    assertThatThrownBy(() -> Json.parse("{} {}")).hasMessageContaining("more after");
  }

  @Test
  void secretsOfServersStayInside() {
    McpServer server =
        new McpServer.Remote("s", "http", "https://s.example", Map.of("k", "canary"), List.of());

    assertThat(server.toString()).doesNotContain("canary");
  }
}
