package dev.belay.llm.provider;

import dev.belay.llm.Part;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads what streamGenerateContent gives. */
final class GeminiStream extends JsonStream {
  private static final int MOST_CANDIDATES = 128;

  /** One candidate, put together: pieces of text that follow each other are joined. */
  private static final class Candidate {
    private final List<Json.Obj> parts = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private Json.Obj last = Json.EMPTY;
    private String finish = "";
    private int calls;

    void add(Json.Obj part) {
      boolean isText = Look.has(part, "text");
      boolean joins =
          isText
              && Look.has(last, "text")
              && Look.isTrue(last, "thought") == Look.isTrue(part, "thought");
      if (!joins) {
        flush();
      }
      text.append(Look.text(part, "text"));
      last = part;
    }

    private void flush() {
      if (!last.members().isEmpty()) {
        parts.add(Look.has(last, "text") ? last.with("text", Json.of(text.toString())) : last);
      }
      text.setLength(0);
      last = Json.EMPTY;
    }

    Json json(int index) {
      flush();
      Json.Obj content = new Members().put("parts", parts).put("role", "model").done();
      return new Members()
          .put("content", content)
          .putUnlessEmpty("finishReason", finish)
          .put("index", index)
          .done();
    }
  }

  private final TreeMap<Integer, Candidate> candidates = new TreeMap<>();
  private Json.Obj rest = Json.EMPTY;

  GeminiStream(Headers headers) {
    super(GeminiReader.WANTED, headers, GeminiReader::content);
  }

  @Override
  boolean take(Json.Obj event, Consumer<StreamEvent> sink) {
    for (String field : List.of("usageMetadata", "modelVersion", "responseId", "promptFeedback")) {
      Look.at(event, field).ifPresent(value -> rest = rest.with(field, value));
    }
    for (Json candidate : Look.items(event, "candidates")) {
      int index = (int) Math.min(MOST_CANDIDATES, Look.count(candidate, "index"));
      take(
          candidates.computeIfAbsent(index, none -> new Candidate()),
          candidate,
          index == 0 ? sink : unheard -> {});
    }
    return false;
  }

  private void take(Candidate to, Json candidate, Consumer<StreamEvent> sink) {
    for (Json part : Look.items(candidate, "content", "parts")) {
      if (!(part instanceof Json.Obj object)) {
        continue;
      }
      to.add(object);
      String text = Look.text(object, "text");
      if (Look.has(object, "functionCall")) {
        Part.ToolCall call = GeminiReader.call(object, Look.text(rest, "responseId"), to.calls);
        sink.accept(new StreamEvent.ToolCall(to.calls++, call.id(), call.name(), call.arguments()));
      } else if (!text.isEmpty()) {
        sink.accept(
            Look.isTrue(object, "thought")
                ? new StreamEvent.Reasoning(text)
                : new StreamEvent.Text(text));
      }
    }
    String reason = Look.text(candidate, "finishReason");
    to.finish = reason.isEmpty() ? to.finish : reason;
  }

  @Override
  boolean isFinished() {
    return candidates.isEmpty()
        ? Look.has(rest, "promptFeedback", "blockReason")
        : candidates.values().stream().noneMatch(candidate -> candidate.finish.isEmpty());
  }

  @Override
  Json.Obj body() {
    List<Json> all = new ArrayList<>();
    candidates.forEach((index, candidate) -> all.add(candidate.json(index)));
    return new Members().putUnlessEmpty("candidates", all).done().members().isEmpty()
        ? rest
        : Members.merge(new Members().put("candidates", all).done(), rest);
  }
}
