package dev.belay.llm.front;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.Tool;
import dev.belay.llm.Usage;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Clients that ask as Anthropic's messages are asked. */
public final class AnthropicFront implements Front {
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "messages",
          "system",
          "max_tokens",
          "tools",
          "tool_choice",
          "temperature",
          "top_p",
          "stop_sequences",
          "stream");

  @Override
  public boolean isSpokenBy(String dialect) {
    return dialect.equals("anthropic");
  }

  @Override
  public String pathBelowBase() {
    return "/v1/messages";
  }

  @Override
  public String path() {
    return "/v1/messages";
  }

  @Override
  public Asked read(String body) {
    Fields fields = Fields.of(body);
    List<Message> messages = new ArrayList<>(AnthropicMessages.system(fields));
    messages.addAll(AnthropicMessages.read(fields));
    LlmRequest.Builder request =
        LlmRequest.to(fields.required("model"))
            .messages(messages)
            .tools(fields.list("tools").stream().map(AnthropicFront::tool).toList())
            .toolChoice(toolChoice(fields))
            .stop(fields.texts("stop_sequences"))
            .extra(fields.without(KNOWN));
    fields.number("temperature", 0, 1).ifPresent(request::temperature);
    fields.number("top_p", 0, 1).ifPresent(request::topP);
    request.maxTokens(
        fields.count("max_tokens").orElseThrow(() -> fields.wrong("max_tokens", "is required")));
    return new Asked(request.build(), fields.yes("stream", false), true);
  }

  private static Tool tool(Fields fields) {
    Json.Obj schema = fields.section("input_schema").map(Fields::object).orElse(Json.EMPTY);
    return Named.tool(fields, fields.text("description").orElse(""), schema);
  }

  private static String toolChoice(Fields fields) {
    Fields choice = fields.section("tool_choice").orElse(null);
    if (choice == null) {
      return "auto";
    }
    return switch (choice.required("type")) {
      case "auto" -> "auto";
      case "any" -> "required";
      case "none" -> "none";
      case "tool" -> choice.required("name");
      default -> throw choice.wrong("type", "must be auto, any, none or tool");
    };
  }

  @Override
  public String write(LlmResponse response, String model, long createdSeconds) {
    LlmResponse.Choice choice = response.choices().getFirst();
    List<Json> content = new ArrayList<>();
    String text = choice.text().isEmpty() ? choice.refusal() : choice.text();
    if (!text.isEmpty()) {
      content.add(Written.object().put("type", "text").put("text", text).done());
    }
    for (Part.ToolCall call : choice.toolCalls()) {
      content.add(
          Written.object()
              .put("type", "tool_use")
              .put("id", call.id())
              .put("name", call.name())
              .put("input", input(call))
              .done());
    }
    return message(response.id(), model)
        .put("content", Json.of(content))
        .put("stop_reason", stopReason(choice.finish()))
        .putNull("stop_sequence")
        .put("usage", usage(response.usage()))
        .done()
        .toString();
  }

  /** Arguments that are no JSON have no place in this protocol; better a marked text than none. */
  private static Json input(Part.ToolCall call) {
    try {
      return call.parsed();
    } catch (JsonException broken) {
      return Written.object().put("invalid_arguments", call.arguments()).done();
    }
  }

  static Written message(String id, String model) {
    return Written.object()
        .put("id", id)
        .put("type", "message")
        .put("role", "assistant")
        .put("model", model);
  }

  static String stopReason(Finish finish) {
    return switch (finish) {
      case LENGTH -> "max_tokens";
      case TOOL_CALLS -> "tool_use";
      case CONTENT_FILTER, REFUSAL -> "refusal";
      case STOP, OTHER, INCOMPLETE -> "end_turn";
    };
  }

  static Json usage(Usage usage) {
    return Written.object()
        .put("input_tokens", Math.max(0, usage.input() - usage.cached()))
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", usage.cached())
        .put("output_tokens", usage.output())
        .done();
  }

  @Override
  public StreamWriter stream(Asked asked, String id, long createdSeconds) {
    return new AnthropicStream(asked.request().model(), id);
  }

  @Override
  public String brokenOff(GatewayError error) {
    return error(error).event("error");
  }

  @Override
  public String write(GatewayError error) {
    return error(error).done().toString();
  }

  static Written error(GatewayError error) {
    return Written.object()
        .put("type", "error")
        .put(
            "error",
            Written.object()
                .put("type", type(error.status()))
                .put("message", error.message())
                .done());
  }

  private static String type(int status) {
    return switch (status) {
      case 400, 405, 409, 422 -> "invalid_request_error";
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 504 -> "timeout_error";
      case 503, 529 -> "overloaded_error";
      default -> "api_error";
    };
  }
}
