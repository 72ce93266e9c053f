package dev.belay.testkit.llm;

import static dev.belay.testkit.llm.Json.object;

import java.util.List;
import java.util.Optional;

/** The list of models, which each provider has in a form of its own. */
final class ModelList {
  private ModelList() {}

  /** The list, or the one model that was asked for; empty where there is none. */
  static Optional<String> page(Route route, List<String> models) {
    if (route.model().isPresent()) {
      return route
          .model()
          .filter(models::contains)
          .map(model -> Json.text(entry(route.dialect(), model)));
    }
    List<Object> entries = models.stream().map(model -> entry(route.dialect(), model)).toList();
    return Optional.of(
        Json.text(
            switch (route.dialect()) {
              case GEMINI -> object("models", entries);
              case ANTHROPIC ->
                  object(
                      "data",
                      entries,
                      "has_more",
                      false,
                      "first_id",
                      models.isEmpty() ? null : models.getFirst(),
                      "last_id",
                      models.isEmpty() ? null : models.getLast());
              case OPENAI_CHAT, OPENAI_RESPONSES -> object("object", "list", "data", entries);
            }));
  }

  private static Object entry(Dialect dialect, String model) {
    return switch (dialect) {
      case GEMINI ->
          object(
              "name",
              "models/" + model,
              "displayName",
              model,
              "inputTokenLimit",
              1_048_576,
              "outputTokenLimit",
              8192,
              "supportedGenerationMethods",
              List.of("generateContent"));
      case ANTHROPIC ->
          object(
              "type",
              "model",
              "id",
              model,
              "display_name",
              model,
              "created_at",
              "2026-01-01T00:00:00Z");
      case OPENAI_CHAT, OPENAI_RESPONSES ->
          object("id", model, "object", "model", "created", 1_767_225_600, "owned_by", "test");
    };
  }
}
