package dev.belay.llm.provider;

import dev.belay.llm.StreamEvent;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads a streamed response of OpenAI's. */
final class ResponsesStream extends JsonStream {

  /** One item of the output, put together. */
  private static final class Item {
    private final Json.Obj start;

    /** Which of the calls it is; -1 if it is none. */
    private final int call;

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();

    Item(Json.Obj start, int call) {
      this.start = start;
      this.call = call;
    }

    Json json() {
      return switch (Look.text(start, "type")) {
        case "function_call" -> start.with("arguments", Json.of(text.toString()));
        case "message" -> {
          List<Json> parts = new ArrayList<>();
          if (!text.isEmpty()) {
            parts.add(part("output_text", "text", text));
          }
          if (!refusal.isEmpty()) {
            parts.add(part("refusal", "refusal", refusal));
          }
          yield start.with("content", Json.of(parts));
        }
        default -> start;
      };
    }

    private static Json part(String type, String field, CharSequence text) {
      return new Members().put("type", type).put(field, text.toString()).done();
    }
  }

  private final TreeMap<Long, Item> items = new TreeMap<>();
  private Json.Obj response = Json.EMPTY;
  private boolean finished;
  private int calls;

  ResponsesStream(Headers headers) {
    super(ResponsesReader.WANTED, headers, ResponsesReader::content);
  }

  @Override
  Optional<WireError> error(ServerEvent event, Json.Obj object) {
    return switch (Look.text(object, "type")) {
      case "error" -> {
        Json.Obj error = Look.has(object, "error") ? Look.object(object, "error") : object;
        // its type says no more than that it is an error
        yield Optional.of(ErrorBody.of(error.with("type", untyped(error)), object, 0, headers()));
      }
      case "response.failed" -> {
        Json.Obj failed = Look.object(object, "response");
        yield Optional.of(ErrorBody.of(Look.object(failed, "error"), failed, 0, headers()));
      }
      default -> super.error(event, object);
    };
  }

  private static Json untyped(Json error) {
    String type = Look.text(error, "type");
    return Json.of(type.equals("error") ? "" : type);
  }

  @Override
  boolean take(Json.Obj event, Consumer<StreamEvent> sink) {
    switch (Look.text(event, "type")) {
      case "response.created", "response.in_progress" -> response = Look.object(event, "response");
      case "response.output_item.added" -> add(event, sink);
      case "response.output_text.delta" -> {
        String text = Look.text(event, "delta");
        item(event, "message").text.append(text);
        sink.accept(new StreamEvent.Text(text));
      }
      case "response.refusal.delta" ->
          item(event, "message").refusal.append(Look.text(event, "delta"));
      case "response.function_call_arguments.delta" -> {
        Item item = item(event, "function_call");
        String more = Look.text(event, "delta");
        item.text.append(more);
        sink.accept(new StreamEvent.ToolCall(Math.max(0, item.call), "", "", more));
      }
      case "response.reasoning_text.delta", "response.reasoning_summary_text.delta" ->
          sink.accept(new StreamEvent.Reasoning(Look.text(event, "delta")));
      case "response.completed", "response.incomplete" -> {
        response = Look.object(event, "response");
        finished = true;
        return true;
      }
      default -> {} // the ends of pieces, and what the provider's own tools do
    }
    return false;
  }

  private void add(Json event, Consumer<StreamEvent> sink) {
    Json.Obj start = Look.object(event, "item");
    boolean call = Look.text(start, "type").equals("function_call");
    Item item = new Item(start, call ? calls++ : -1);
    items.put(Look.count(event, "output_index"), item);
    if (call) {
      String more = Look.text(start, "arguments");
      item.text.append(more);
      String id = Look.text(start, "call_id");
      sink.accept(new StreamEvent.ToolCall(item.call, id, Look.text(start, "name"), more));
    }
  }

  private Item item(Json event, String type) {
    return items.computeIfAbsent(
        Look.count(event, "output_index"), none -> new Item(Members.one("type", type), -1));
  }

  @Override
  boolean isFinished() {
    return finished;
  }

  @Override
  Json.Obj body() {
    if (finished && !Look.items(response, "output").isEmpty()) {
      return response;
    }
    List<Json> output = new ArrayList<>();
    items.values().forEach(item -> output.add(item.json()));
    return response.with("output", Json.of(output));
  }
}
