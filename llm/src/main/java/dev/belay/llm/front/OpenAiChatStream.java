package dev.belay.llm.front;

import dev.belay.llm.StreamEvent;
import dev.belay.llm.json.Json;
import java.util.List;

/** A chat completion, chunk by chunk. */
final class OpenAiChatStream implements StreamWriter {
  private final String model;
  private final boolean withUsage;
  private final String id;
  private final long createdSeconds;

  OpenAiChatStream(String model, boolean withUsage, String id, long createdSeconds) {
    this.model = model;
    this.withUsage = withUsage;
    this.id = id;
    this.createdSeconds = createdSeconds;
  }

  @Override
  public String begin() {
    return chunk(Written.object().put("role", "assistant").put("content", ""));
  }

  @Override
  public String piece(StreamEvent event) {
    return switch (event) {
      case StreamEvent.Text text -> chunk(Written.object().put("content", text.delta()));
      case StreamEvent.ToolCall call -> chunk(Written.object().put("tool_calls", toolCall(call)));
      case StreamEvent.Reasoning thought -> "";
      case StreamEvent.End end -> end(end);
    };
  }

  private static Json toolCall(StreamEvent.ToolCall call) {
    Written function = Written.object();
    Written piece = Written.object().put("index", call.index());
    if (!call.id().isEmpty()) {
      piece.put("id", call.id()).put("type", "function");
      function.put("name", call.name());
    }
    function.put("arguments", call.arguments());
    return Json.of(List.of(piece.put("function", function.done()).done()));
  }

  private String end(StreamEvent.End end) {
    String last =
        chunk(
            Json.of(
                List.of(
                    choice(Json.EMPTY, Json.of(OpenAiChatFront.finish(end.response().finish()))))));
    String usage =
        withUsage
            ? frame(Json.of(List.of()))
                .put("usage", OpenAiChatFront.usage(end.response().usage()))
                .event()
            : "";
    return last + usage + "data: [DONE]\n\n";
  }

  private String chunk(Written delta) {
    return chunk(Json.of(List.of(choice(delta.done(), new Json.Null()))));
  }

  private String chunk(Json choices) {
    Written frame = frame(choices);
    if (withUsage) {
      frame.putNull("usage");
    }
    return frame.event();
  }

  private static Json choice(Json delta, Json finish) {
    return Written.object()
        .put("index", 0)
        .put("delta", delta)
        .putNull("logprobs")
        .put("finish_reason", finish)
        .done();
  }

  private Written frame(Json choices) {
    return Written.object()
        .put("id", id)
        .put("object", "chat.completion.chunk")
        .put("created", createdSeconds)
        .put("model", model)
        .put("choices", choices);
  }

  /** Without the mark of the end, so that nobody takes what came for the whole. */
  @Override
  public String broken(GatewayError error) {
    return OpenAiErrors.object(error).event();
  }
}
