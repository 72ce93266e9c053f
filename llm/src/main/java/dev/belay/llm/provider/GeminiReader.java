package dev.belay.llm.provider;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.LlmResponse.Choice;
import dev.belay.llm.Part;
import dev.belay.llm.Usage;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what generateContent gives. */
final class GeminiReader {
  static final String WANTED = "candidates";

  private GeminiReader() {}

  static Reading read(WireResponse response) {
    return BodyReader.read(response, WANTED, GeminiReader::content);
  }

  static Optional<LlmResponse> content(Json.Obj body, String raw) {
    String id = Look.text(body, "responseId");
    List<Choice> choices = new ArrayList<>();
    for (Json candidate : Look.items(body, "candidates")) {
      choices.add(choice(candidate, id));
    }
    String blocked = Look.text(body, "promptFeedback", "blockReason");
    if (choices.isEmpty() && !blocked.isEmpty()) {
      choices.add(
          new Choice("", List.of(), "the prompt was blocked: " + blocked, Finish.CONTENT_FILTER));
    }
    return choices.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new LlmResponse(id, Look.text(body, "modelVersion"), choices, usage(body), raw));
  }

  private static Choice choice(Json candidate, String response) {
    StringBuilder text = new StringBuilder();
    List<Part.ToolCall> calls = new ArrayList<>();
    for (Json part : Look.items(candidate, "content", "parts")) {
      if (Look.has(part, "functionCall")) {
        calls.add(call(part, response, calls.size()));
      } else if (!Look.isTrue(part, "thought")) {
        text.append(Look.text(part, "text"));
      }
    }
    String reason = Look.text(candidate, "finishReason");
    Finish finish = finish(reason, calls);
    String refusal = "";
    if (finish == Finish.CONTENT_FILTER) {
      String why = Look.text(candidate, "finishMessage");
      refusal = why.isEmpty() ? "the answer was blocked: " + reason : why;
    }
    return new Choice(text.toString(), calls, refusal, finish);
  }

  /** Ids must differ from those of other answers in one conversation, where Google gives none. */
  static Part.ToolCall call(Json part, String response, int place) {
    String id = Look.text(part, "functionCall", "id");
    if (id.isEmpty()) {
      id = "call_%s_%d".formatted(response, place);
    }
    return new Part.ToolCall(
        CallIds.signed(id, Look.text(part, "thoughtSignature")),
        Look.text(part, "functionCall", "name"),
        Look.object(part, "functionCall", "args").toString());
  }

  private static Finish finish(String reason, List<Part.ToolCall> calls) {
    return switch (reason) {
      case "STOP" -> calls.isEmpty() ? Finish.STOP : Finish.TOOL_CALLS;
      case "MAX_TOKENS" -> Finish.LENGTH;
      case "SAFETY",
          "RECITATION",
          "LANGUAGE",
          "BLOCKLIST",
          "PROHIBITED_CONTENT",
          "SPII",
          "IMAGE_SAFETY",
          "IMAGE_PROHIBITED_CONTENT",
          "IMAGE_RECITATION" ->
          Finish.CONTENT_FILTER;
      default -> Finish.OTHER;
    };
  }

  private static Usage usage(Json body) {
    return new Usage(
        Look.count(body, "usageMetadata", "promptTokenCount")
            + Look.count(body, "usageMetadata", "toolUsePromptTokenCount"),
        Look.count(body, "usageMetadata", "candidatesTokenCount")
            + Look.count(body, "usageMetadata", "thoughtsTokenCount"),
        Look.count(body, "usageMetadata", "cachedContentTokenCount"));
  }
}
