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

/** Reads a whole response of OpenAI's. */
final class ResponsesReader {
  static final String WANTED = "a response with output";

  private ResponsesReader() {}

  static Reading read(WireResponse response) {
    return BodyReader.read(response, WANTED, ResponsesReader::content);
  }

  static Optional<LlmResponse> content(Json.Obj body, String raw) {
    if (!(body.get("output").orElse(new Json.Null()) instanceof Json.Arr output)) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    StringBuilder refusal = new StringBuilder();
    List<Part.ToolCall> calls = new ArrayList<>();
    for (Json item : output.items()) {
      switch (Look.text(item, "type")) {
        case "message" -> {
          for (Json part : Look.items(item, "content")) {
            text.append(Look.text(part, "text"));
            refusal.append(Look.text(part, "refusal"));
          }
        }
        case "function_call" -> calls.add(call(item, "arguments"));
        case "custom_tool_call" -> calls.add(call(item, "input"));
        default -> {} // thoughts, and what the provider's own tools did
      }
    }
    Finish finish = finish(body, calls, refusal);
    return Optional.of(
        new LlmResponse(
            Look.text(body, "id"),
            Look.text(body, "model"),
            List.of(new Choice(text.toString(), calls, refusal.toString(), finish)),
            usage(body),
            raw));
  }

  private static Part.ToolCall call(Json item, String arguments) {
    String id = Look.text(item, "call_id");
    return new Part.ToolCall(
        id.isEmpty() ? Look.text(item, "id") : id,
        Look.text(item, "name"),
        Look.text(item, arguments));
  }

  private static Finish finish(Json body, List<Part.ToolCall> calls, CharSequence refusal) {
    return switch (Look.text(body, "status")) {
      case "incomplete" ->
          switch (Look.text(body, "incomplete_details", "reason")) {
            case "max_output_tokens", "max_tokens" -> Finish.LENGTH;
            case "content_filter" -> Finish.CONTENT_FILTER;
            default -> Finish.INCOMPLETE;
          };
      case "completed" -> {
        if (!refusal.isEmpty()) {
          yield Finish.REFUSAL;
        }
        yield calls.isEmpty() ? Finish.STOP : Finish.TOOL_CALLS;
      }
      case "queued", "in_progress", "cancelled" -> Finish.INCOMPLETE;
      default -> Finish.OTHER;
    };
  }

  private static Usage usage(Json body) {
    return new Usage(
        Look.count(body, "usage", "input_tokens"),
        Look.count(body, "usage", "output_tokens"),
        Look.count(body, "usage", "input_tokens_details", "cached_tokens"));
  }
}
