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

/** Reads a whole message of Anthropic's. */
final class AnthropicReader {
  static final String WANTED = "a message with content";

  private AnthropicReader() {}

  static Reading read(WireResponse response) {
    return BodyReader.read(response, WANTED, AnthropicReader::content);
  }

  static Optional<LlmResponse> content(Json.Obj body, String raw) {
    if (!(body.get("content").orElse(new Json.Null()) instanceof Json.Arr blocks)) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    List<Part.ToolCall> calls = new ArrayList<>();
    for (Json block : blocks.items()) {
      switch (Look.text(block, "type")) {
        case "text" -> text.append(Look.text(block, "text"));
        case "tool_use" -> {
          String input = Look.at(block, "input").orElse(Json.EMPTY).toString();
          if (isAnswer(Look.text(block, "name"))) {
            text.append(input);
          } else {
            calls.add(new Part.ToolCall(Look.text(block, "id"), Look.text(block, "name"), input));
          }
        }
        default -> {} // thoughts, and what the provider's own tools did
      }
    }
    Finish finish = finish(Look.text(body, "stop_reason"), calls);
    String refusal = finish == Finish.REFUSAL ? refusal(body, text) : "";
    return Optional.of(
        new LlmResponse(
            Look.text(body, "id"),
            Look.text(body, "model"),
            List.of(new Choice(text.toString(), calls, refusal, finish)),
            usage(body),
            raw));
  }

  static boolean isAnswer(String tool) {
    return tool.startsWith(AnthropicWriter.ANSWER);
  }

  private static String refusal(Json body, CharSequence text) {
    String why = Look.text(body, "stop_details", "explanation");
    if (!why.isEmpty()) {
      return why;
    }
    return text.isEmpty() ? "the model refused" : text.toString();
  }

  private static Finish finish(String reason, List<Part.ToolCall> calls) {
    return switch (reason) {
      case "end_turn", "stop_sequence" -> Finish.STOP;
      case "max_tokens", "model_context_window_exceeded" -> Finish.LENGTH;
      // if it called nothing but the tool that stands for its answer, it is done
      case "tool_use" -> calls.isEmpty() ? Finish.STOP : Finish.TOOL_CALLS;
      case "refusal" -> Finish.REFUSAL;
      default -> Finish.OTHER;
    };
  }

  private static Usage usage(Json body) {
    long cached = Look.count(body, "usage", "cache_read_input_tokens");
    long written = Look.count(body, "usage", "cache_creation_input_tokens");
    return new Usage(
        Look.count(body, "usage", "input_tokens") + written + cached,
        Look.count(body, "usage", "output_tokens"),
        cached);
  }
}
