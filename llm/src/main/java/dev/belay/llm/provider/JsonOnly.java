package dev.belay.llm.provider;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.Message;
import dev.belay.llm.Message.Role;
import dev.belay.llm.Part;
import dev.belay.llm.ResponseFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Asks for JSON in words, where a provider needs the word or has no other way. */
final class JsonOnly {
  private static final String PLEASE =
      "Answer with one valid JSON object and nothing else: no prose, no code fences.";

  private JsonOnly() {}

  /** What the request says, asked for JSON if it wants an object of no given shape. */
  static List<Message> messages(LlmRequest request) {
    return request.format() instanceof ResponseFormat.JsonObject
        ? asked(request.messages())
        : request.messages();
  }

  /** Adds it to the first instructions, or as such, unless they say so already. */
  static List<Message> asked(List<Message> messages) {
    List<Message> all = new ArrayList<>(messages);
    for (int place = 0; place < all.size(); place++) {
      Message message = all.get(place);
      if (message.role() == Role.SYSTEM) {
        String said = message.text().toLowerCase(Locale.ROOT);
        if (!said.contains("json object") && !said.contains("valid json")) {
          List<Part> parts = new ArrayList<>(message.parts());
          parts.add(new Part.Text("\n\n" + PLEASE));
          all.set(place, new Message(Role.SYSTEM, parts));
        }
        return all;
      }
    }
    all.addFirst(Message.system(PLEASE));
    return all;
  }
}
