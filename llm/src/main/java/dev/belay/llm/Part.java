package dev.belay.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.json.Json;

/** A piece of a {@link Message}. Immutable. */
public sealed interface Part {

  /** Plain text. */
  record Text(String text) implements Part {
    /** Rejects null. */
    public Text {
      requireNonNull(text, "text");
    }
  }

  /**
   * A picture, a sound or a file.
   *
   * @param mediaType such as {@code image/png}
   * @param source an {@code https:} address, or base64 if {@code inline}
   * @param inline whether {@code source} is the content itself
   */
  record Media(String mediaType, String source, boolean inline) implements Part {
    /** Rejects null. */
    public Media {
      requireNonNull(mediaType, "mediaType");
      requireNonNull(source, "source");
    }
  }

  /**
   * The model asks for a tool.
   *
   * @param id by which the result refers to it
   * @param arguments as the model wrote them: JSON, if it kept to the rules
   */
  record ToolCall(String id, String name, String arguments) implements Part {
    /** Rejects null. */
    public ToolCall {
      requireNonNull(id, "id");
      requireNonNull(name, "name");
      requireNonNull(arguments, "arguments");
    }

    /**
     * The arguments as JSON.
     *
     * @throws dev.belay.llm.json.JsonException if the model did not keep to the rules
     */
    public Json parsed() {
      return Json.parse(arguments.isBlank() ? "{}" : arguments);
    }
  }

  /**
   * What a tool gave back.
   *
   * @param id of the {@link ToolCall} that it answers
   * @param error whether the tool, or a check of its arguments, failed
   */
  record ToolResult(String id, String content, boolean error) implements Part {
    /** Rejects null. */
    public ToolResult {
      requireNonNull(id, "id");
      requireNonNull(content, "content");
    }
  }
}
