package dev.belay.settings;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads a YAML document into nodes that know their lines. Leaves out what a configuration does not
 * need and what makes YAML dangerous: anchors and aliases, tags, second documents, deep nesting.
 */
public final class YamlTree {
  private static final int DEEPEST = 16;

  private final Source source;
  private final YAMLParser parser;

  private YamlTree(Source source, YAMLParser parser) {
    this.source = source;
    this.parser = parser;
  }

  /** The document; an empty mapping if there is none. */
  public static Node.Mapping read(Source source, String text) {
    checkCharacters(source, text);
    try (YAMLParser parser =
        (YAMLParser)
            factory(text).createParser(ObjectReadContext.empty(), new StringReader(text))) {
      return new YamlTree(source, parser).document();
    } catch (JacksonException e) {
      throw SyntaxErrors.explain(source, e);
    }
  }

  /**
   * The scanner overruns its buffer where a pair of surrogates crosses the end of it, so that an
   * emoji in the wrong place would be fatal. In a buffer for the whole text there is no such place.
   * Keys that are there twice are let through: {@link Section} names both lines.
   */
  private static YAMLFactory factory(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setBufferSize(text.length() + 2)
            .setCodePointLimit(text.length() + 2) // whoever reads files limits them
            .setAllowDuplicateKeys(true)
            .build();
    return YAMLFactory.builder()
        .loadSettings(settings)
        .streamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(text.length() + 2).build())
        .build();
  }

  /** Where the library could only say that there is one somewhere. */
  private static void checkCharacters(Source source, String text) {
    int line = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
      } else if ((c < ' ' && c != '\t' && c != '\r') || c == 0x7f) {
        throw source.failed(line, "a control character, which YAML does not allow");
      } else if (Character.isSurrogate(c) && !isHalfOfPair(text, i)) {
        throw source.failed(line, "half a character, which Unicode does not allow");
      }
    }
  }

  private static boolean isHalfOfPair(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  private Node.Mapping document() {
    JsonToken first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return new Node.Mapping(1, List.of());
    }
    if (!(node(first, 1) instanceof Node.Mapping root)) {
      throw source.failed(1, "must be a mapping of keys such as proxy: and retry:");
    }
    if (parser.nextToken() != null) {
      throw source.failed(line(), "a second document; a configuration is one");
    }
    return root;
  }

  private Node node(JsonToken token, int depth) {
    checkPlain(depth);
    return switch (token) {
      case START_OBJECT -> mapping(depth);
      case START_ARRAY -> sequence(depth);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalar(Node.Kind.NUMBER);
      case VALUE_TRUE, VALUE_FALSE -> scalar(Node.Kind.BOOLEAN);
      case VALUE_NULL -> scalar(Node.Kind.NULL);
      case VALUE_STRING -> scalar(Node.Kind.TEXT);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw source.failed(line(), "not a value that a configuration can hold");
    };
  }

  private void checkPlain(int depth) {
    if (parser.isCurrentAlias() || parser.getObjectId() != null) {
      throw source.failed(line(), "anchors and aliases are not supported; write it out");
    }
    if (parser.getTypeId() != null) {
      throw source.failed(line(), "tags are not supported; write the value without one");
    }
    if (depth > DEEPEST) {
      throw source.failed(line(), "nested more than %d levels deep".formatted(DEEPEST));
    }
  }

  private Node.Mapping mapping(int depth) {
    int start = line();
    List<Node.Member> members = new ArrayList<>();
    for (JsonToken token = next(); token == JsonToken.PROPERTY_NAME; token = next()) {
      checkPlain(depth);
      String key = parser.currentName();
      int line = line();
      members.add(new Node.Member(key, line, node(next(), depth + 1)));
    }
    return new Node.Mapping(start, members);
  }

  private Node.Sequence sequence(int depth) {
    int start = line();
    List<Node> items = new ArrayList<>();
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      items.add(node(token, depth + 1));
    }
    return new Node.Sequence(start, items);
  }

  private Node.Scalar scalar(Node.Kind kind) {
    return new Node.Scalar(line(), kind, parser.getString());
  }

  private JsonToken next() {
    @Nullable JsonToken token = parser.nextToken();
    if (token == null) {
      throw source.failed(line(), "ends in the middle");
    }
    return token;
  }

  private int line() {
    return Math.max(1, parser.currentTokenLocation().getLineNr());
  }
}
