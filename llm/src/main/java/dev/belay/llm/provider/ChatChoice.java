package dev.belay.llm.provider;

import dev.belay.llm.StreamEvent;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One of the answers of a streamed chat completion, put together. For one thread. */
final class ChatChoice {

  private static final class Call {
    private final long index;
    private final String id;
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();

    Call(long index, String id) {
      this.index = index;
      this.id = id;
    }
  }

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder();
  private final List<Call> calls = new ArrayList<>();
  private String finish = "";

  void take(Json choice, Consumer<StreamEvent> sink) {
    Json delta = Look.object(choice, "delta");
    for (String field : List.of("reasoning_content", "reasoning")) {
      String thought = Look.text(delta, field);
      if (!thought.isEmpty()) {
        sink.accept(new StreamEvent.Reasoning(thought));
        break;
      }
    }
    text(Look.text(delta, "content"), sink);
    for (Json part : Look.items(delta, "content")) {
      if (Look.text(part, "type").equals("text")) {
        text(Look.text(part, "text"), sink);
      }
    }
    refusal.append(Look.text(delta, "refusal"));
    for (Json call : Look.items(delta, "tool_calls")) {
      call(call, sink);
    }
    String reason = Look.text(choice, "finish_reason");
    finish = reason.isEmpty() ? finish : reason;
  }

  private void text(String more, Consumer<StreamEvent> sink) {
    if (!more.isEmpty()) {
      text.append(more);
      sink.accept(new StreamEvent.Text(more));
    }
  }

  private void call(Json piece, Consumer<StreamEvent> sink) {
    String id = Look.text(piece, "id");
    int place = place(piece, id);
    boolean first = place == calls.size();
    if (first) {
      calls.add(
          new Call(
              Look.has(piece, "index") ? Look.count(piece, "index") : place,
              id.isEmpty() ? "call_" + place : id));
    }
    Call call = calls.get(place);
    String name = call.name.isEmpty() ? Look.text(piece, "function", "name") : "";
    String more = arguments(piece);
    call.name.append(name);
    call.arguments.append(more);
    if (first || !name.isEmpty() || !more.isEmpty()) {
      sink.accept(new StreamEvent.ToolCall(place, first ? call.id : "", name, more));
    }
  }

  private static String arguments(Json piece) {
    return Look.at(piece, "function", "arguments").orElse(Json.of("")) instanceof Json.Obj object
        ? object.toString()
        : Look.text(piece, "function", "arguments");
  }

  /** Which call a piece is of: by its index; hosts that give none begin a call with its id. */
  private int place(Json piece, String id) {
    if (!Look.has(piece, "index")) {
      for (int at = 0; at < calls.size(); at++) {
        if (!id.isEmpty() && calls.get(at).id.equals(id)) {
          return at;
        }
      }
      return id.isEmpty() && !calls.isEmpty() ? calls.size() - 1 : calls.size();
    }
    for (int at = 0; at < calls.size(); at++) {
      if (calls.get(at).index == Look.count(piece, "index")) {
        return at;
      }
    }
    return calls.size();
  }

  boolean isFinished() {
    return !finish.isEmpty();
  }

  Json json(int index) {
    Members message =
        new Members()
            .put("role", "assistant")
            .put("content", text.isEmpty() ? new Json.Null() : Json.of(text.toString()))
            .putUnlessEmpty("refusal", refusal.toString())
            .putUnlessEmpty("tool_calls", calls.stream().map(ChatChoice::json).toList());
    return new Members()
        .put("index", index)
        .put("message", message.done())
        .put("finish_reason", finish.isEmpty() ? new Json.Null() : Json.of(finish))
        .done();
  }

  private static Json json(Call call) {
    Json.Obj function =
        new Members()
            .put("name", call.name.toString())
            .put("arguments", call.arguments.toString())
            .done();
    return new Members()
        .put("id", call.id)
        .put("type", "function")
        .put("function", function)
        .done();
  }
}
