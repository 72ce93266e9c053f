package dev.belay.llm.front;

import dev.belay.llm.Part;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response, event by event. */
final class OpenAiResponsesStream implements StreamWriter {
  private final String model;
  private final String id;
  private final long createdSeconds;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder arguments = new StringBuilder();
  private int sequence;
  private int items;
  private boolean inText;
  private StreamEvent.@Nullable ToolCall call;

  OpenAiResponsesStream(String model, String id, long createdSeconds) {
    this.model = model;
    this.id = id;
    this.createdSeconds = createdSeconds;
  }

  @Override
  public String begin() {
    return state("response.created", frame("in_progress").done())
        + state("response.in_progress", frame("in_progress").done());
  }

  @Override
  public String piece(StreamEvent event) {
    return switch (event) {
      case StreamEvent.Text more -> openText() + textDelta(more.delta());
      case StreamEvent.ToolCall more -> openCall(more) + callDelta(more.arguments());
      case StreamEvent.Reasoning thought -> "";
      case StreamEvent.End end ->
          close()
              + state(
                  end.response().finish().isWhole() ? "response.completed" : "response.incomplete",
                  OpenAiResponsesFront.whole(end.response(), id, model, createdSeconds));
    };
  }

  private String openText() {
    if (inText) {
      return "";
    }
    String closed = close();
    inText = true;
    return closed
        + item(
            "response.output_item.added",
            OpenAiResponsesFront.message(itemId(), "", "", "in_progress"))
        + part("response.content_part.added", "");
  }

  private String textDelta(String delta) {
    text.append(delta);
    return place(event("response.output_text.delta"))
        .put("content_index", 0)
        .put("delta", delta)
        .put("logprobs", Json.of(List.of()))
        .event("response.output_text.delta");
  }

  private String openCall(StreamEvent.ToolCall next) {
    StreamEvent.ToolCall now = call;
    if (now != null && now.index() == next.index()) {
      return "";
    }
    String closed = close();
    call = next;
    return closed
        + item(
            "response.output_item.added",
            OpenAiResponsesFront.functionCall(itemId(), made(next, ""), "in_progress"));
  }

  private static Part.ToolCall made(StreamEvent.ToolCall call, String arguments) {
    return new Part.ToolCall(call.id(), call.name(), arguments);
  }

  private String callDelta(String delta) {
    if (delta.isEmpty()) {
      return "";
    }
    arguments.append(delta);
    return place(event("response.function_call_arguments.delta"))
        .put("delta", delta)
        .event("response.function_call_arguments.delta");
  }

  private String close() {
    StreamEvent.ToolCall now = call;
    String closed = inText ? closeText() : now == null ? "" : closeCall(now);
    if (!closed.isEmpty()) {
      items++;
    }
    inText = false;
    call = null;
    text.setLength(0);
    arguments.setLength(0);
    return closed;
  }

  private String closeText() {
    return place(event("response.output_text.done"))
            .put("content_index", 0)
            .put("text", text.toString())
            .put("logprobs", Json.of(List.of()))
            .event("response.output_text.done")
        + part("response.content_part.done", text.toString())
        + item(
            "response.output_item.done",
            OpenAiResponsesFront.message(itemId(), text.toString(), "", "completed"));
  }

  private String closeCall(StreamEvent.ToolCall now) {
    return place(event("response.function_call_arguments.done"))
            .put("name", now.name())
            .put("arguments", arguments.toString())
            .event("response.function_call_arguments.done")
        + item(
            "response.output_item.done",
            OpenAiResponsesFront.functionCall(
                itemId(), made(now, arguments.toString()), "completed"));
  }

  private String itemId() {
    return (inText ? "msg_" : "fc_") + id + "_" + items;
  }

  private Written frame(String status) {
    return OpenAiResponsesFront.frame(id, model, createdSeconds, status);
  }

  private Written event(String type) {
    return Written.object().put("type", type).put("sequence_number", sequence++);
  }

  private Written place(Written event) {
    return event.put("item_id", itemId()).put("output_index", items);
  }

  private String state(String type, Json response) {
    return event(type).put("response", response).event(type);
  }

  private String item(String type, Json item) {
    return event(type).put("output_index", items).put("item", item).event(type);
  }

  private String part(String type, String content) {
    return place(event(type))
        .put("content_index", 0)
        .put("part", OpenAiResponsesFront.textPart(content))
        .event(type);
  }

  @Override
  public String broken(GatewayError error) {
    return event("error")
        .put("code", error.code())
        .put("message", error.message())
        .putNull("param")
        .event("error");
  }
}
