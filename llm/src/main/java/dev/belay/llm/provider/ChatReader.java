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

/** Reads a whole chat completion. */
final class ChatReader {
  static final String WANTED = "a chat completion with choices";

  private ChatReader() {}

  static Reading read(WireResponse response) {
    return BodyReader.read(response, WANTED, ChatReader::content);
  }

  static Optional<LlmResponse> content(Json.Obj body, String raw) {
    List<Choice> choices = new ArrayList<>();
    for (Json choice : Look.items(body, "choices")) {
      choices.add(choice(choice));
    }
    return choices.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new LlmResponse(
                Look.text(body, "id"), Look.text(body, "model"), choices, usage(body), raw));
  }

  private static Choice choice(Json choice) {
    StringBuilder text = new StringBuilder();
    StringBuilder refusal = new StringBuilder(Look.text(choice, "message", "refusal"));
    text.append(Look.text(choice, "message", "content"));
    for (Json part : Look.items(choice, "message", "content")) {
      switch (Look.text(part, "type")) {
        case "text", "output_text" -> text.append(Look.text(part, "text"));
        case "refusal" -> refusal.append(Look.text(part, "refusal"));
        default -> {} // thoughts and whatever else is no answer
      }
    }
    text.append(Look.text(choice, "text"));
    List<Part.ToolCall> calls = calls(choice);
    Finish finish = finish(Look.text(choice, "finish_reason"), calls, refusal);
    return new Choice(text.toString(), calls, refusal.toString(), finish);
  }

  private static List<Part.ToolCall> calls(Json choice) {
    List<Part.ToolCall> calls = new ArrayList<>();
    for (Json call : Look.items(choice, "message", "tool_calls")) {
      boolean custom = Look.has(call, "custom");
      calls.add(
          new Part.ToolCall(
              idOf(call, calls.size()),
              Look.text(call, custom ? "custom" : "function", "name"),
              custom ? Look.text(call, "custom", "input") : arguments(call, "function")));
    }
    if (calls.isEmpty() && Look.has(choice, "message", "function_call")) {
      Json message = Look.object(choice, "message");
      calls.add(
          new Part.ToolCall(
              "call_0",
              Look.text(message, "function_call", "name"),
              arguments(message, "function_call")));
    }
    return calls;
  }

  private static String idOf(Json call, int place) {
    String id = Look.text(call, "id");
    return id.isEmpty() ? "call_" + place : id;
  }

  /** As text; some hosts send the object itself. */
  private static String arguments(Json call, String function) {
    return Look.at(call, function, "arguments").orElse(Json.of("")) instanceof Json.Obj object
        ? object.toString()
        : Look.text(call, function, "arguments");
  }

  private static Finish finish(String reason, List<Part.ToolCall> calls, CharSequence refusal) {
    Finish finish =
        switch (reason) {
          case "stop", "end_turn", "eos" -> Finish.STOP;
          case "length", "max_tokens", "model_length" -> Finish.LENGTH;
          case "tool_calls", "function_call" -> Finish.TOOL_CALLS;
          case "content_filter" -> Finish.CONTENT_FILTER;
          case "refusal" -> Finish.REFUSAL;
          default -> Finish.OTHER;
        };
    if (finish == Finish.STOP || finish == Finish.OTHER) {
      if (!refusal.isEmpty()) {
        return Finish.REFUSAL;
      }
      return calls.isEmpty() ? finish : Finish.TOOL_CALLS;
    }
    return finish;
  }

  private static Usage usage(Json body) {
    long cached =
        Math.max(
            Look.count(body, "usage", "prompt_tokens_details", "cached_tokens"),
            Look.count(body, "usage", "prompt_cache_hit_tokens"));
    return new Usage(
        Look.count(body, "usage", "prompt_tokens"),
        Look.count(body, "usage", "completion_tokens"),
        cached);
  }
}
