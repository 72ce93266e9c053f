package dev.belay.llm.provider;

import dev.belay.llm.StreamEvent;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads a streamed message of Anthropic's. */
final class AnthropicStream extends JsonStream {

  /** One block of content, put together. */
  private static final class Block {
    private final Json.Obj start;

    /** Which of the calls it is; -1 if it is none. */
    private final int call;

    private final StringBuilder text = new StringBuilder();

    Block(Json.Obj start, int call) {
      this.start = start;
      this.call = call;
    }

    String type() {
      return Look.text(start, "type");
    }

    Json json() {
      return switch (type()) {
        case "text" -> start.with("text", Json.of(text.toString()));
        case "tool_use" -> start.with("input", input());
        default -> start;
      };
    }

    private Json input() {
      if (text.isEmpty()) {
        return Look.object(start, "input");
      }
      // arguments that break off are kept as the text that came
      return ErrorBody.json(text.toString()).orElseGet(() -> Json.of(text.toString()));
    }
  }

  private final TreeMap<Long, Block> blocks = new TreeMap<>();
  private Json.Obj message = Json.EMPTY;
  private Json.Obj usage = Json.EMPTY;
  private String stopReason = "";
  private int calls;

  AnthropicStream(Headers headers) {
    super(AnthropicReader.WANTED, headers, AnthropicReader::content);
  }

  @Override
  Optional<WireError> error(ServerEvent event, Json.Obj object) {
    return Look.text(object, "type").equals("error")
        ? ErrorBody.in(object, 0, headers())
        : super.error(event, object);
  }

  @Override
  boolean take(Json.Obj event, Consumer<StreamEvent> sink) {
    switch (Look.text(event, "type")) {
      case "message_start" -> {
        message = Look.object(event, "message");
        usage = Look.object(message, "usage");
      }
      case "content_block_start" -> start(event, sink);
      case "content_block_delta" -> delta(event, sink);
      case "message_delta" -> {
        stopReason = Look.text(event, "delta", "stop_reason");
        usage = Members.merge(usage, Look.object(event, "usage"));
      }
      case "message_stop" -> {
        return true;
      }
      default -> {} // ping, the end of a block, and what may come yet
    }
    return false;
  }

  private void start(Json event, Consumer<StreamEvent> sink) {
    Json.Obj start = Look.object(event, "content_block");
    String name = Look.text(start, "name");
    boolean call = Look.text(start, "type").equals("tool_use") && !AnthropicReader.isAnswer(name);
    Block block = new Block(start, call ? calls++ : -1);
    blocks.put(Look.count(event, "index"), block);
    if (call) {
      sink.accept(new StreamEvent.ToolCall(block.call, Look.text(start, "id"), name, ""));
    }
    String text = Look.text(start, "text");
    if (!text.isEmpty()) {
      block.text.append(text);
      sink.accept(new StreamEvent.Text(text));
    }
  }

  private void delta(Json event, Consumer<StreamEvent> sink) {
    Block block =
        blocks.computeIfAbsent(
            Look.count(event, "index"), none -> new Block(Members.one("type", "text"), -1));
    Json.Obj delta = Look.object(event, "delta");
    switch (Look.text(delta, "type")) {
      case "text_delta" -> {
        String text = Look.text(delta, "text");
        block.text.append(text);
        sink.accept(new StreamEvent.Text(text));
      }
      case "input_json_delta" -> {
        String piece = Look.text(delta, "partial_json");
        block.text.append(piece);
        if (block.type().equals("tool_use") && !piece.isEmpty()) {
          sink.accept(
              block.call < 0
                  ? new StreamEvent.Text(piece)
                  : new StreamEvent.ToolCall(block.call, "", "", piece));
        }
      }
      case "thinking_delta" -> sink.accept(new StreamEvent.Reasoning(Look.text(delta, "thinking")));
      default -> {} // signatures and citations
    }
  }

  @Override
  boolean isFinished() {
    return !stopReason.isEmpty();
  }

  @Override
  Json.Obj body() {
    List<Json> content = new ArrayList<>();
    blocks.values().forEach(block -> content.add(block.json()));
    return message
        .with("content", Json.of(content))
        .with("stop_reason", stopReason.isEmpty() ? new Json.Null() : Json.of(stopReason))
        .with("usage", usage);
  }
}
