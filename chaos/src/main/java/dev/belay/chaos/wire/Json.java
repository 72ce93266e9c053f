package dev.belay.chaos.wire;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Trees as JSON text, and back. Safe for any number of threads. */
public final class Json {
  private static final int DEEPEST = 64;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** A tree in one line. */
  public static String write(Object tree) {
    return MAPPER.writeValueAsString(tree);
  }

  /** A tree in many lines, for people. */
  public static String pretty(Object tree) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
  }

  /**
   * The tree of an object.
   *
   * @throws WireException if the text is no JSON object, has a key twice, or is nested deeper than
   *     64 levels
   */
  public static Tree read(String text) {
    try {
      return Tree.of(MAPPER.readValue(text, Object.class), "");
    } catch (JacksonException broken) {
      throw new WireException("", "one JSON object, was not: " + broken.getOriginalMessage());
    }
  }
}
