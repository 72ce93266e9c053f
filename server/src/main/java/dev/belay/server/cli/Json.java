package dev.belay.server.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints results for programs. */
final class Json {
  private Json() {}

  static void print(Terminal terminal, Map<String, ? extends @Nullable Object> answer) {
    print(terminal, (Object) answer);
  }

  /** What the server said, as it said it. */
  static void print(Terminal terminal, JsonNode answer) {
    print(terminal, (Object) answer);
  }

  private static void print(Terminal terminal, Object answer) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    terminal.out().println(mapper.writeValueAsString(answer));
  }
}
