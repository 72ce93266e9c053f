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

/** Clients that ask as OpenAI's responses are asked. */
public final class OpenAiResponsesFront implements Front {
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "input",
          "instructions",
          "tools",
          "tool_choice",
          "text",
          "temperature",
          "top_p",
          "max_output_tokens",
          "stream");

  @Override
  public boolean isSpokenBy(String dialect) {
    return dialect.equals("openai-responses");
  }

  @Override
  public String pathBelowBase() {
    return "/responses";
  }

  @Override
  public String path() {
    return "/v1/responses";
  }

  @Override
  public Asked read(String body) {
    Fields fields = Fields.of(body);
    LlmRequest.Builder request =
        LlmRequest.to(fields.required("model"))
            .messages(OpenAiResponsesInput.read(fields))
            .tools(fields.list("tools").stream().map(OpenAiResponsesFront::tool).toList())
            .toolChoice(toolChoice(fields))
            .format(format(fields))
            .extra(fields.without(KNOWN));
    fields.number("temperature", 0, 2).ifPresent(request::temperature);
    fields.number("top_p", 0, 1).ifPresent(request::topP);
    fields.count("max_output_tokens").ifPresent(request::maxTokens);
    return new Asked(request.build(), fields.yes("stream", false), true);
  }

  private static Tool tool(Fields fields) {
    String type = fields.required("type");
    if (!type.equals("function")) {
      throw fields.wrong("type", "must be function, was '%s'".formatted(type));
    }
    Json.Obj parameters = fields.section("parameters").map(Fields::object).orElse(Json.EMPTY);
    return Named.tool(fields, fields.text("description").orElse(""), parameters);
  }

  private static String toolChoice(Fields fields) {
    Json choice = fields.any("tool_choice").orElse(Json.of("auto"));
    return choice instanceof Json.Str word
        ? word.value()
        : fields.section("tool_choice").orElseThrow().required("name");
  }

  private static ResponseFormat format(Fields fields) {
    Fields format = fields.section("text").flatMap(text -> text.section("format")).orElse(null);
    if (format == null) {
      return new ResponseFormat.Text();
    }
    return switch (format.required("type")) {
      case "text" -> new ResponseFormat.Text();
      case "json_object" -> new ResponseFormat.JsonObject();
      case "json_schema" -> Named.schema(format);
      default -> throw format.wrong("type", "must be text, json_object or json_schema");
    };
  }

  @Override
  public String write(LlmResponse response, String model, long createdSeconds) {
    return whole(response, response.id(), model, createdSeconds).toString();
  }

  static Json.Obj whole(LlmResponse response, String id, String model, long createdSeconds) {
    LlmResponse.Choice choice = response.choices().getFirst();
    Finish finish = choice.finish();
    Written written =
        frame(id, model, createdSeconds, finish == Finish.LENGTH ? "incomplete" : "completed");
    written.put("output", Json.of(output(choice, id)));
    if (finish == Finish.LENGTH || finish == Finish.CONTENT_FILTER) {
      String reason = finish == Finish.LENGTH ? "max_output_tokens" : "content_filter";
      written.put("incomplete_details", Written.object().put("reason", reason).done());
    }
    return written.put("usage", usage(response.usage())).done();
  }

  /** All that an answer has, whatever it says. */
  static Written frame(String id, String model, long createdSeconds, String status) {
    return Written.object()
        .put("id", id)
        .put("object", "response")
        .put("created_at", createdSeconds)
        .put("status", status)
        .putNull("error")
        .putNull("incomplete_details")
        .putNull("instructions")
        .put("metadata", Json.EMPTY)
        .put("model", model)
        .put("output", Json.of(List.of()))
        .put("parallel_tool_calls", true)
        .putNull("temperature")
        .put("tool_choice", "auto")
        .put("tools", Json.of(List.of()))
        .putNull("top_p");
  }

  private static List<Json> output(LlmResponse.Choice choice, String id) {
    List<Json> items = new ArrayList<>();
    if (!choice.text().isEmpty() || !choice.refusal().isEmpty()) {
      items.add(message("msg_" + id, choice.text(), choice.refusal(), "completed"));
    }
    for (Part.ToolCall call : choice.toolCalls()) {
      items.add(functionCall("fc_" + id + "_" + items.size(), call, "completed"));
    }
    return items;
  }

  static Json message(String id, String text, String refusal, String status) {
    List<Json> content = new ArrayList<>();
    if (!text.isEmpty()) {
      content.add(textPart(text));
    }
    if (!refusal.isEmpty()) {
      content.add(Written.object().put("type", "refusal").put("refusal", refusal).done());
    }
    return Written.object()
        .put("type", "message")
        .put("id", id)
        .put("status", status)
        .put("role", "assistant")
        .put("content", Json.of(content))
        .done();
  }

  static Json textPart(String text) {
    return Written.object()
        .put("type", "output_text")
        .put("text", text)
        .put("annotations", Json.of(List.of()))
        .put("logprobs", Json.of(List.of()))
        .done();
  }

  static Json functionCall(String id, Part.ToolCall call, String status) {
    return Written.object()
        .put("type", "function_call")
        .put("id", id)
        .put("call_id", call.id())
        .put("name", call.name())
        .put("arguments", call.arguments())
        .put("status", status)
        .done();
  }

  private static Json usage(Usage usage) {
    return Written.object()
        .put("input_tokens", usage.input())
        .put("input_tokens_details", Written.object().put("cached_tokens", usage.cached()).done())
        .put("output_tokens", usage.output())
        .put("output_tokens_details", Written.object().put("reasoning_tokens", 0).done())
        .put("total_tokens", usage.total())
        .done();
  }

  @Override
  public StreamWriter stream(Asked asked, String id, long createdSeconds) {
    return new OpenAiResponsesStream(asked.request().model(), id, createdSeconds);
  }

  @Override
  public String brokenOff(GatewayError error) {
    return Written.object()
        .put("type", "error")
        .put("code", error.code())
        .put("message", error.message())
        .putNull("param")
        .event("error");
  }

  @Override
  public String write(GatewayError error) {
    return OpenAiErrors.object(error).done().toString();
  }
}
