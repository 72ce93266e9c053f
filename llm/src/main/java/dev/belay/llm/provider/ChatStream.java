package dev.belay.llm.provider;

import dev.belay.llm.StreamEvent;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads a streamed chat completion. */
final class ChatStream extends JsonStream {
  private static final int MOST_CHOICES = 128;

  private final TreeMap<Integer, ChatChoice> choices = new TreeMap<>();
  private String id = "";
  private String model = "";
  private Json.Obj usage = Json.EMPTY;

  ChatStream(Headers headers) {
    super(ChatReader.WANTED, headers, ChatReader::content);
  }

  @Override
  boolean take(Json.Obj event, Consumer<StreamEvent> sink) {
    id = id.isEmpty() ? Look.text(event, "id") : id;
    model = model.isEmpty() ? Look.text(event, "model") : model;
    if (Look.has(event, "usage")) {
      usage = Look.object(event, "usage");
    }
    for (Json choice : Look.items(event, "choices")) {
      int index = (int) Math.min(MOST_CHOICES, Look.count(choice, "index"));
      // who reads along hears the first answer only
      choices
          .computeIfAbsent(index, none -> new ChatChoice())
          .take(choice, index == 0 ? sink : unheard -> {});
    }
    return false;
  }

  @Override
  boolean isFinished() {
    return !choices.isEmpty() && choices.values().stream().allMatch(ChatChoice::isFinished);
  }

  @Override
  Json.Obj body() {
    List<Json> all = new ArrayList<>();
    choices.forEach((index, choice) -> all.add(choice.json(index)));
    return new Members()
        .put("id", id)
        .put("object", "chat.completion")
        .put("model", model)
        .put("choices", all)
        .putUnlessEmpty("usage", usage)
        .done();
  }
}
