package dev.belay.llm.front;

import dev.belay.llm.StreamEvent;
import dev.belay.llm.Usage;
import dev.belay.llm.json.Json;
import java.util.List;

/** An answer of Anthropic's messages, event by event. */
final class AnthropicStream implements StreamWriter {
  private static final int NONE = -1;

  /** A block of text; calls are numbered from 0. */
  private static final int TEXT = -2;

  private final String model;
  private final String id;
  private int blocks;
  private int open = NONE;

  AnthropicStream(String model, String id) {
    this.model = model;
    this.id = id;
  }

  @Override
  public String begin() {
    Json message =
        AnthropicFront.message(id, model)
            .put("content", Json.of(List.of()))
            .putNull("stop_reason")
            .putNull("stop_sequence")
            .put("usage", AnthropicFront.usage(Usage.NONE))
            .done();
    return Written.object()
        .put("type", "message_start")
        .put("message", message)
        .event("message_start");
  }

  @Override
  public String piece(StreamEvent event) {
    return switch (event) {
      case StreamEvent.Text text ->
          block(TEXT, Written.object().put("type", "text").put("text", ""))
              + delta(Written.object().put("type", "text_delta").put("text", text.delta()));
      case StreamEvent.ToolCall call -> toolCall(call);
      case StreamEvent.Reasoning thought -> "";
      case StreamEvent.End end -> end(end);
    };
  }

  private String toolCall(StreamEvent.ToolCall call) {
    String begin =
        block(
            call.index(),
            Written.object()
                .put("type", "tool_use")
                .put("id", call.id())
                .put("name", call.name())
                .put("input", Json.EMPTY));
    return call.arguments().isEmpty()
        ? begin
        : begin
            + delta(
                Written.object()
                    .put("type", "input_json_delta")
                    .put("partial_json", call.arguments()));
  }

  /** Opens this block if another one, or none, is open. */
  private String block(int which, Written content) {
    if (open == which) {
      return "";
    }
    String closed = close();
    open = which;
    return closed
        + Written.object()
            .put("type", "content_block_start")
            .put("index", blocks)
            .put("content_block", content.done())
            .event("content_block_start");
  }

  private String close() {
    if (open == NONE) {
      return "";
    }
    open = NONE;
    return Written.object()
        .put("type", "content_block_stop")
        .put("index", blocks++)
        .event("content_block_stop");
  }

  private String delta(Written delta) {
    return Written.object()
        .put("type", "content_block_delta")
        .put("index", blocks)
        .put("delta", delta.done())
        .event("content_block_delta");
  }

  private String end(StreamEvent.End end) {
    String last =
        Written.object()
            .put("type", "message_delta")
            .put(
                "delta",
                Written.object()
                    .put("stop_reason", AnthropicFront.stopReason(end.response().finish()))
                    .putNull("stop_sequence")
                    .done())
            .put("usage", AnthropicFront.usage(end.response().usage()))
            .event("message_delta");
    return close() + last + Written.object().put("type", "message_stop").event("message_stop");
  }

  @Override
  public String broken(GatewayError error) {
    return AnthropicFront.error(error).event("error");
  }
}
