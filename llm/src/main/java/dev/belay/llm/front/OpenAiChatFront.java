package dev.belay.llm.front;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Part;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.Tool;
import dev.belay.llm.Usage;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Clients that ask as OpenAI's chat completions are asked. */
public final class OpenAiChatFront implements Front {
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "messages",
          "tools",
          "tool_choice",
          "response_format",
          "temperature",
          "top_p",
          "max_tokens",
          "max_completion_tokens",
          "stop",
          "stream",
          "stream_options");

  @Override
  public boolean isSpokenBy(String dialect) {
    return dialect.equals("openai-chat") || dialect.equals("openai-compatible");
  }

  @Override
  public String pathBelowBase() {
    return "/chat/completions";
  }

  @Override
  public String path() {
    return "/v1/chat/completions";
  }

  @Override
  public Asked read(String body) {
    Fields fields = Fields.of(body);
    LlmRequest.Builder request =
        LlmRequest.to(fields.required("model"))
            .messages(OpenAiChatMessages.read(fields))
            .tools(fields.list("tools").stream().map(OpenAiChatFront::tool).toList())
            .toolChoice(toolChoice(fields))
            .format(format(fields))
            .stop(fields.texts("stop"))
            .extra(fields.without(KNOWN));
    fields.number("temperature", 0, 2).ifPresent(request::temperature);
    fields.number("top_p", 0, 1).ifPresent(request::topP);
    String limit = fields.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    fields.count(limit).ifPresent(request::maxTokens);
    boolean usage =
        fields
            .section("stream_options")
            .map(options -> options.yes("include_usage", false))
            .orElse(false);
    return new Asked(request.build(), fields.yes("stream", false), usage);
  }

  private static Tool tool(Fields fields) {
    String type = fields.required("type");
    if (!type.equals("function")) {
      throw fields.wrong("type", "must be function, was '%s'".formatted(type));
    }
    Fields function =
        fields.section("function").orElseThrow(() -> fields.wrong("function", "is required"));
    Json.Obj parameters = function.section("parameters").map(Fields::object).orElse(Json.EMPTY);
    return Named.tool(function, function.text("description").orElse(""), parameters);
  }

  private static String toolChoice(Fields fields) {
    Json choice = fields.any("tool_choice").orElse(Json.of("auto"));
    if (choice instanceof Json.Str word) {
      return word.value();
    }
    return fields
        .section("tool_choice")
        .flatMap(section -> section.section("function"))
        .map(function -> function.required("name"))
        .orElseThrow(() -> fields.wrong("tool_choice.function", "is required"));
  }

  private static ResponseFormat format(Fields fields) {
    Fields format = fields.section("response_format").orElse(null);
    if (format == null) {
      return new ResponseFormat.Text();
    }
    return switch (format.required("type")) {
      case "text" -> new ResponseFormat.Text();
      case "json_object" -> new ResponseFormat.JsonObject();
      case "json_schema" ->
          Named.schema(
              format
                  .section("json_schema")
                  .orElseThrow(() -> format.wrong("json_schema", "is required")));
      default -> throw format.wrong("type", "must be text, json_object or json_schema");
    };
  }

  @Override
  public String write(LlmResponse response, String model, long createdSeconds) {
    List<Json> choices = new ArrayList<>();
    for (LlmResponse.Choice choice : response.choices()) {
      choices.add(
          Written.object()
              .put("index", choices.size())
              .put("message", message(choice))
              .putNull("logprobs")
              .put("finish_reason", finish(choice.finish()))
              .done());
    }
    return Written.object()
        .put("id", response.id())
        .put("object", "chat.completion")
        .put("created", createdSeconds)
        .put("model", model)
        .put("choices", Json.of(choices))
        .put("usage", usage(response.usage()))
        .done()
        .toString();
  }

  private static Json message(LlmResponse.Choice choice) {
    Written message = Written.object().put("role", "assistant");
    if (choice.text().isEmpty() && !choice.toolCalls().isEmpty()) {
      message.putNull("content");
    } else {
      message.put("content", choice.text());
    }
    if (choice.refusal().isEmpty()) {
      message.putNull("refusal");
    } else {
      message.put("refusal", choice.refusal());
    }
    if (!choice.toolCalls().isEmpty()) {
      message.put(
          "tool_calls",
          Json.of(choice.toolCalls().stream().map(OpenAiChatFront::toolCall).toList()));
    }
    return message.done();
  }

  private static Json toolCall(Part.ToolCall call) {
    return Written.object()
        .put("id", call.id())
        .put("type", "function")
        .put(
            "function",
            Written.object().put("name", call.name()).put("arguments", call.arguments()).done())
        .done();
  }

  static String finish(Finish finish) {
    return switch (finish) {
      case LENGTH -> "length";
      case TOOL_CALLS -> "tool_calls";
      case CONTENT_FILTER -> "content_filter";
      case STOP, REFUSAL, OTHER, INCOMPLETE -> "stop";
    };
  }

  static Json usage(Usage usage) {
    return Written.object()
        .put("prompt_tokens", usage.input())
        .put("completion_tokens", usage.output())
        .put("total_tokens", usage.total())
        .put("prompt_tokens_details", Written.object().put("cached_tokens", usage.cached()).done())
        .done();
  }

  @Override
  public StreamWriter stream(Asked asked, String id, long createdSeconds) {
    return new OpenAiChatStream(asked.request().model(), asked.withUsage(), id, createdSeconds);
  }

  @Override
  public String brokenOff(GatewayError error) {
    return OpenAiErrors.object(error).event();
  }

  @Override
  public String write(GatewayError error) {
    return OpenAiErrors.object(error).done().toString();
  }
}
