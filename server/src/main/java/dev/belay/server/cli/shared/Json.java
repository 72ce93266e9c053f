package dev.belay.server.cli.shared;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints results for programs. */
public final class Json {
  private Json() {}

  /**
   * An answer of ours.
   *
   * @param terminal where to
   * @param answer its fields, in their order
   */
  public static void print(Terminal terminal, Map<String, ? extends @Nullable Object> answer) {
    print(terminal, (Object) answer);
  }

  /**
   * What the server said, as it said it.
   *
   * @param terminal where to
   * @param answer what it said
   */
  public static void print(Terminal terminal, JsonNode answer) {
    print(terminal, (Object) answer);
  }

  private static void print(Terminal terminal, Object answer) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    terminal.out().println(mapper.writeValueAsString(answer));
  }
}
