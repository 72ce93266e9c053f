package dev.belay.llm.provider;

import dev.belay.llm.StreamEvent;
import dev.belay.llm.json.Json;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the JSON lines of an agent's program. For one thread. */
final class CliLines {
  private final StringBuilder text = new StringBuilder();
  private String id = "";
  private String model = "";
  private boolean piecemeal;
  private Json.@Nullable Obj result;
  private @Nullable WireError error;

  /** Lines that are no JSON are notes for people. */
  void take(String line, Consumer<StreamEvent> sink) {
    if (line.isBlank()
        || !(ErrorBody.json(line).orElse(new Json.Null()) instanceof Json.Obj event)) {
      return;
    }
    switch (Look.text(event, "type")) {
      case "system", "init", "thread.started" -> begin(event);
      case "stream_event" -> delta(Look.object(event, "event"), sink);
      case "assistant" -> assistant(Look.object(event, "message"), sink);
      case "message" -> {
        if (Look.text(event, "role").equals("assistant")) {
          say(Look.text(event, "content"), sink);
        }
      }
      case "item.completed" -> item(Look.object(event, "item"), sink);
      case "result", "turn.completed" -> result = event;
      case "error", "turn.failed" ->
          error =
              Look.has(event, "error")
                  ? ErrorBody.in(event, 0, Headers.NONE).orElse(null)
                  : ErrorBody.of(event, event, 0, Headers.NONE);
      default -> {} // tools at work
    }
  }

  private void begin(Json event) {
    id = Look.text(event, "session_id") + Look.text(event, "thread_id");
    model = Look.text(event, "model");
  }

  private void delta(Json event, Consumer<StreamEvent> sink) {
    String thought = Look.text(event, "delta", "thinking");
    if (!thought.isEmpty()) {
      sink.accept(new StreamEvent.Reasoning(thought));
    }
    if (Look.text(event, "delta", "type").equals("text_delta")) {
      piecemeal = true;
      say(Look.text(event, "delta", "text"), sink);
    }
  }

  /** A whole turn; its text is known already if it came in pieces before. */
  private void assistant(Json message, Consumer<StreamEvent> sink) {
    for (Json block : Look.items(message, "content")) {
      if (!piecemeal && Look.text(block, "type").equals("text")) {
        say(Look.text(block, "text"), sink);
      }
    }
    piecemeal = false;
  }

  private void item(Json item, Consumer<StreamEvent> sink) {
    switch (Look.text(item, "type")) {
      case "agent_message", "assistant_message" -> say(Look.text(item, "text"), sink);
      case "reasoning" -> sink.accept(new StreamEvent.Reasoning(Look.text(item, "text")));
      default -> {} // tools at work
    }
  }

  private void say(String more, Consumer<StreamEvent> sink) {
    if (!more.isEmpty()) {
      text.append(more);
      sink.accept(new StreamEvent.Text(more));
    }
  }

  Optional<Json.Obj> result() {
    return Optional.ofNullable(result);
  }

  Optional<WireError> error() {
    return Optional.ofNullable(error);
  }

  String text() {
    return text.toString();
  }

  String id() {
    return id;
  }

  String model() {
    return model;
  }
}
