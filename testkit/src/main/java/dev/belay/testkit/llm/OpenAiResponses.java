package dev.belay.testkit.llm;

import static dev.belay.testkit.llm.Json.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** OpenAI's responses. */
final class OpenAiResponses extends OpenAi {
  private static final Set<String> KNOWN =
      Set.of(
          "background",
          "context_management",
          "conversation",
          "include",
          "input",
          "instructions",
          "max_output_tokens",
          "max_tool_calls",
          "metadata",
          "model",
          "parallel_tool_calls",
          "previous_response_id",
          "prompt",
          "prompt_cache_key",
          "prompt_cache_retention",
          "reasoning",
          "safety_identifier",
          "service_tier",
          "store",
          "stream",
          "stream_options",
          "temperature",
          "text",
          "tool_choice",
          "tools",
          "top_logprobs",
          "top_p",
          "truncation",
          "user");

  @Override
  public Map<String, @Nullable Object> whole(Completion completion, Prompt prompt) {
    Choice choice = completion.choices().getFirst();
    List<Object> output = new ArrayList<>();
    if (speaks(choice)) {
      output.add(message(choice, true));
    }
    for (int i = 0; i < choice.calls().size(); i++) {
      output.add(call(choice.calls().get(i), i, true));
    }
    return response(prompt, output, status(choice.finish()), Optional.of(choice.finish()));
  }

  private static boolean speaks(Choice choice) {
    return choice.text().isPresent() || choice.refusal().isPresent();
  }

  private static String status(Finish finish) {
    return switch (finish) {
      case STOP, TOOL_CALLS, REFUSAL -> "completed";
      case LENGTH, CONTENT_FILTER -> "incomplete";
    };
  }

  private static Map<String, @Nullable Object> response(
      Prompt prompt, List<Object> output, String status, Optional<Finish> finish) {
    @Nullable Object why =
        finish
            .filter(stop -> status.equals("incomplete"))
            .map(stop ->
                object("reason", stop == Finish.LENGTH ? "max_output_tokens" : "content_filter"))
            .orElse(null);
    Map<String, @Nullable Object> response =
        object(
            "id",
            "resp_" + ID,
            "object",
            "response",
            "created_at",
            System.currentTimeMillis() / 1000,
            "status",
            status,
            "error",
            null,
            "incomplete_details",
            why,
            "model",
            prompt.model());
    response.put("output", output);
    response.putAll(settings());
    response.put("usage", finish.isPresent() ? usage(prompt.usage()) : null);
    return response;
  }

  /** A response repeats what it was asked with; clients insist on it. */
  private static Map<String, @Nullable Object> settings() {
    return object(
        "instructions",
        null,
        "metadata",
        object(),
        "parallel_tool_calls",
        true,
        "previous_response_id",
        null,
        "store",
        false,
        "temperature",
        1.0,
        "text",
        object("format", object("type", "text")),
        "tool_choice",
        "auto",
        "tools",
        List.of(),
        "top_p",
        1.0,
        "truncation",
        "disabled");
  }

  private static Object usage(Usage usage) {
    return object(
        "input_tokens",
        usage.input(),
        "input_tokens_details",
        object("cached_tokens", 0, "cache_write_tokens", 0),
        "output_tokens",
        usage.output(),
        "output_tokens_details",
        object("reasoning_tokens", 0),
        "total_tokens",
        usage.total());
  }

  private static Map<String, @Nullable Object> message(Choice choice, boolean whole) {
    return object(
        "id",
        "msg_" + ID,
        "type",
        "message",
        "status",
        whole ? status(choice.finish()) : "in_progress",
        "role",
        "assistant",
        "content",
        whole ? List.of(part(choice, true)) : List.of());
  }

  private static Map<String, @Nullable Object> part(Choice choice, boolean whole) {
    return choice.refusal().isPresent()
        ? object("type", "refusal", "refusal", whole ? choice.refusal().get() : "")
        : object(
            "type",
            "output_text",
            "text",
            whole ? choice.text().orElse("") : "",
            "annotations",
            List.of(),
            "logprobs",
            List.of());
  }

  private static Map<String, @Nullable Object> call(ToolCall call, int index, boolean whole) {
    return object(
        "id",
        "fc_" + ID + index,
        "type",
        "function_call",
        "status",
        whole ? "completed" : "in_progress",
        "call_id",
        Voice.callId(0, index),
        "name",
        call.name(),
        "arguments",
        whole ? call.arguments() : "");
  }

  @Override
  public List<Frame> frames(Completion completion, Prompt prompt) {
    Choice choice = completion.choices().getFirst();
    int chars = completion.parts().pace().chunkChars();
    Events events = new Events();
    Object begun = response(prompt, List.of(), "in_progress", Optional.empty());
    events.add("response.created", false, "response", begun);
    events.add("response.in_progress", false, "response", begun);
    int index = 0;
    if (speaks(choice)) {
      speak(events, choice, chars);
      index++;
    }
    for (int i = 0; i < choice.calls().size(); i++) {
      call(events, choice.calls().get(i), i, index++, chars);
    }
    events.add("response." + status(choice.finish()), false, "response", whole(completion, prompt));
    return events.frames;
  }

  private static void speak(Events events, Choice choice, int chars) {
    String kind = choice.refusal().isPresent() ? "refusal" : "output_text";
    String text = choice.refusal().or(choice::text).orElse("");
    events.add(
        "response.output_item.added", false, "output_index", 0, "item", message(choice, false));
    events.part("response.content_part.added", false, "part", part(choice, false));
    for (String piece : Voice.pieces(text, chars)) {
      events.part("response." + kind + ".delta", true, "delta", piece, "logprobs", List.of());
    }
    String name = kind.equals("refusal") ? "refusal" : "text";
    events.part("response." + kind + ".done", false, name, text, "logprobs", List.of());
    events.part("response.content_part.done", false, "part", part(choice, true));
    events.add(
        "response.output_item.done", false, "output_index", 0, "item", message(choice, true));
  }

  private static void call(Events events, ToolCall call, int number, int index, int chars) {
    String item = "fc_" + ID + number;
    events.add(
        "response.output_item.added",
        false,
        "output_index",
        index,
        "item",
        call(call, number, false));
    for (String piece : Voice.pieces(call.arguments(), chars)) {
      events.add(
          "response.function_call_arguments.delta",
          true,
          "item_id",
          item,
          "output_index",
          index,
          "delta",
          piece);
    }
    events.add(
        "response.function_call_arguments.done",
        false,
        "item_id",
        item,
        "output_index",
        index,
        "name",
        call.name(),
        "arguments",
        call.arguments());
    events.add(
        "response.output_item.done",
        false,
        "output_index",
        index,
        "item",
        call(call, number, true));
  }

  /** Events carry their number. For one thread. */
  private static final class Events {
    final List<Frame> frames = new ArrayList<>();

    /** An event about the message, which is the first item and has one part. */
    void part(String type, boolean content, @Nullable Object... more) {
      Map<String, @Nullable Object> event =
          object("item_id", "msg_" + ID, "output_index", 0, "content_index", 0);
      event.putAll(object(more));
      add(type, content, event);
    }

    void add(String type, boolean content, @Nullable Object... more) {
      add(type, content, object(more));
    }

    private void add(String type, boolean content, Map<String, @Nullable Object> more) {
      Map<String, @Nullable Object> event = object("type", type, "sequence_number", frames.size());
      event.putAll(more);
      frames.add(Frame.event(type, event, content));
    }
  }

  @Override
  public List<Frame> errorFrames(Wording wording, Fault fault, Prompt prompt, int before) {
    return List.of(
        Frame.event(
            "error",
            object(
                "type",
                "error",
                "sequence_number",
                before,
                "code",
                orNull(wording.code().isEmpty() ? wording.type() : wording.code()),
                "message",
                wording.message(),
                "param",
                null),
            false));
  }

  @Override
  public Optional<Fault> objection(LlmRequest request, JsonNode body) {
    if (request.model().isEmpty()) {
      return missing("model");
    }
    for (String name : body.propertyNames()) {
      if (!KNOWN.contains(name)) {
        return invalid("unknown_parameter", name, "Unknown parameter: '" + name + "'.");
      }
    }
    JsonNode input = body.path("input");
    if (!body.has("input") && !body.has("previous_response_id") && !body.has("prompt")) {
      return missing("input");
    }
    if (!input.isMissingNode() && !input.isString() && !input.isArray()) {
      return OpenAiChatRules.type("input", "a string or an array of items");
    }
    for (int i = 0; i < input.size(); i++) {
      JsonNode item = input.get(i);
      if (!item.has("type") && !item.has("role")) {
        return missing("input[" + i + "].role");
      }
      if (item.has("role") && !item.has("content")) {
        return missing("input[" + i + "].content");
      }
    }
    return OpenAiChatRules.range(body, "max_output_tokens", 16, Integer.MAX_VALUE)
        .or(() -> OpenAiChatRules.range(body, "temperature", 0, 2))
        .or(() -> tools(body.path("tools")));
  }

  private static Optional<Fault> tools(JsonNode tools) {
    for (int i = 0; i < tools.size(); i++) {
      JsonNode tool = tools.get(i);
      if (!tool.has("type")) {
        return missing("tools[" + i + "].type");
      }
      // The commonest slip: chat completions nest the function, responses do not.
      if (tool.path("type").asString("").equals("function") && !tool.has("name")) {
        return missing("tools[" + i + "].name");
      }
    }
    return Optional.empty();
  }
}
