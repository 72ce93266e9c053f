package dev.belay.testkit.llm;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What Gemini refuses. */
final class GeminiRules {
  private static final Set<String> KNOWN =
      Set.of(
          "cachedContent",
          "contents",
          "generationConfig",
          "labels",
          "model",
          "safetySettings",
          "systemInstruction",
          "toolConfig",
          "tools");

  private GeminiRules() {}

  static Optional<Fault> objection(JsonNode body) {
    for (String name : body.propertyNames()) {
      if (!KNOWN.contains(camel(name))) {
        return invalid(
            "Invalid JSON payload received. Unknown name \"" + name + "\": Cannot find field.");
      }
    }
    JsonNode contents = body.path("contents");
    if (contents.isEmpty()) {
      return invalid("* GenerateContentRequest.contents: contents is not specified\n");
    }
    for (int i = 0; i < contents.size(); i++) {
      JsonNode content = contents.get(i);
      String role = content.path("role").asString("");
      boolean fits = Set.of("user", "model", "function").contains(role);
      if (!fits && (!role.isEmpty() || contents.size() > 1)) {
        return invalid("Please use a valid role: user, model.");
      }
      Optional<Fault> wrong = parts(content.path("parts"), i);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> parts(JsonNode parts, int index) {
    String at = "* GenerateContentRequest.contents[" + index + "].parts";
    if (parts.isEmpty()) {
      return invalid(at + ": contents.parts must not be empty.\n");
    }
    for (JsonNode part : parts) {
      if (part.isEmpty()) {
        return invalid(
            at + "[0].data: required oneof field 'data' must have one initialized field\n");
      }
    }
    return Optional.empty();
  }

  /** Names may be written with underscores too. */
  private static String camel(String name) {
    StringBuilder camel = new StringBuilder(name.length());
    boolean upper = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        camel.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return camel.toString();
  }

  private static Optional<Fault> invalid(String message) {
    return Optional.of(Fault.of(Trouble.INVALID).message(message));
  }
}
