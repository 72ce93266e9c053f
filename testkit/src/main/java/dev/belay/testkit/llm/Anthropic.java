package dev.belay.testkit.llm;

import static dev.belay.testkit.llm.Json.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Anthropic's messages. */
final class Anthropic implements Voice {
  private static final String INVALID = "invalid_request_error";

  @Override
  public Map<String, @Nullable Object> whole(Completion completion, Prompt prompt) {
    Choice choice = completion.choices().getFirst();
    List<Object> content = new ArrayList<>();
    text(choice).ifPresent(text -> content.add(object("type", "text", "text", text)));
    for (int i = 0; i < choice.calls().size(); i++) {
      content.add(call(choice.calls().get(i), i, true));
    }
    return message(prompt, content, word(choice.finish()), prompt.usage().output());
  }

  private static Optional<String> text(Choice choice) {
    return choice.text().or(choice::refusal);
  }

  private static Map<String, @Nullable Object> call(ToolCall call, int index, boolean whole) {
    return object(
        "type",
        "tool_use",
        "id",
        "toolu_" + ID + index,
        "name",
        call.name(),
        "input",
        whole ? Json.objectOf(call.arguments()) : object());
  }

  private static Map<String, @Nullable Object> message(
      Prompt prompt, List<Object> content, @Nullable String stopReason, long output) {
    return object(
        "id",
        "msg_" + ID,
        "type",
        "message",
        "role",
        "assistant",
        "model",
        prompt.model(),
        "content",
        content,
        "stop_reason",
        stopReason,
        "stop_sequence",
        null,
        "usage",
        object(
            "input_tokens",
            prompt.usage().input(),
            "cache_creation_input_tokens",
            0,
            "cache_read_input_tokens",
            0,
            "output_tokens",
            output));
  }

  private static String word(Finish finish) {
    return switch (finish) {
      case STOP -> "end_turn";
      case LENGTH -> "max_tokens";
      case TOOL_CALLS -> "tool_use";
      case CONTENT_FILTER, REFUSAL -> "refusal";
    };
  }

  @Override
  public List<Frame> frames(Completion completion, Prompt prompt) {
    Choice choice = completion.choices().getFirst();
    int chars = completion.parts().pace().chunkChars();
    List<Frame> frames = new ArrayList<>();
    frames.add(event("message_start", false, "message", message(prompt, List.of(), null, 1)));
    int block = 0;
    if (text(choice).isPresent()) {
      open(frames, block, object("type", "text", "text", ""));
      frames.add(event("ping", false));
      for (String piece : Voice.pieces(text(choice).get(), chars)) {
        frames.add(delta(block, object("type", "text_delta", "text", piece)));
      }
      frames.add(event("content_block_stop", false, "index", block++));
    }
    for (int i = 0; i < choice.calls().size(); i++) {
      ToolCall call = choice.calls().get(i);
      open(frames, block, call(call, i, false));
      String arguments = Json.objectOf(call.arguments()).toString();
      for (String piece : Voice.pieces(arguments, chars)) {
        frames.add(delta(block, object("type", "input_json_delta", "partial_json", piece)));
      }
      frames.add(event("content_block_stop", false, "index", block++));
    }
    Object ending = object("stop_reason", word(choice.finish()), "stop_sequence", null);
    Object usage = object("output_tokens", prompt.usage().output());
    frames.add(event("message_delta", false, "delta", ending, "usage", usage));
    frames.add(event("message_stop", false));
    return frames;
  }

  private static void open(List<Frame> frames, int index, Object block) {
    frames.add(event("content_block_start", false, "index", index, "content_block", block));
  }

  private static Frame delta(int index, Object delta) {
    return event("content_block_delta", true, "index", index, "delta", delta);
  }

  private static Frame event(String type, boolean content, @Nullable Object... more) {
    Map<String, @Nullable Object> event = object("type", type);
    event.putAll(object(more));
    return Frame.event(type, event, content);
  }

  @Override
  public Wording wording(Fault fault) {
    return plain(fault.trouble()).with(fault, Dialect.ANTHROPIC, " Please try again in %s.");
  }

  private static Wording plain(Trouble trouble) {
    int status = trouble.status;
    return switch (trouble) {
      case RATE_LIMIT ->
          said(
              status,
              "rate_limit_error",
              "This request would exceed your organization's rate limit of 50 requests per minute.");
      case SLOW_DOWN ->
          said(
              status,
              "rate_limit_error",
              "This request would exceed your organization's usage increase rate limit. Please scale"
                  + " up your input tokens usage more gradually.");
      case QUOTA ->
          said(
              400,
              INVALID,
              "You have reached your specified API usage limits. You will regain access on the"
                  + " first day of the next month.");
      case CREDIT ->
          said(
              400,
              INVALID,
              "Your credit balance is too low to access the Anthropic API. Please go to Plans &"
                  + " Billing to upgrade or purchase credits.");
      case OVERLOADED -> said(529, "overloaded_error", "Overloaded");
      case AUTH -> said(status, "authentication_error", "invalid x-api-key");
      case FORBIDDEN ->
          said(
              status,
              "permission_error",
              "Your API key does not have permission to use the specified resource.");
      case NOT_FOUND -> said(status, "not_found_error", "model: not found");
      case TOO_LARGE ->
          said(status, "request_too_large", "Request exceeds the maximum allowed number of bytes.");
      case CONTEXT_OVERFLOW ->
          said(status, INVALID, "prompt is too long: 210000 tokens > 200000 maximum");
      case CONTENT_FILTER -> said(status, INVALID, "Output blocked by content filtering policy");
      case REQUEST_TIMEOUT, GATEWAY_TIMEOUT ->
          said(status, "timeout_error", "The request timed out.");
      case METHOD -> said(status, INVALID, "Method Not Allowed");
      case INVALID, UNPROCESSABLE, CONFLICT -> said(status, INVALID, "The request is not valid.");
      case SERVER_ERROR, BAD_GATEWAY, UNAVAILABLE ->
          said(status, "api_error", "Internal server error");
    };
  }

  private static Wording said(int status, String type, String message) {
    return new Wording(status, type, "", message);
  }

  @Override
  public Map<String, @Nullable Object> error(Wording wording, Fault fault) {
    Map<String, @Nullable Object> error =
        object("type", wording.type(), "message", wording.message());
    if (!wording.code().isEmpty()) {
      error.put("details", object("error_code", wording.code()));
    }
    return object("type", "error", "error", error, "request_id", "req_" + ID);
  }

  @Override
  public List<Frame> errorFrames(Wording wording, Fault fault, Prompt prompt, int before) {
    return List.of(Frame.event("error", error(wording, fault), false));
  }

  @Override
  public Optional<Fault> objection(LlmRequest request, JsonNode body) {
    return AnthropicRules.objection(request, body);
  }

  @Override
  public Fault unauthorized(boolean missing) {
    Fault wrong = Fault.of(Trouble.AUTH);
    return missing ? wrong.message("x-api-key header is required") : wrong;
  }

  @Override
  public String idHeader() {
    return "request-id";
  }
}
