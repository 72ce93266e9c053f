package dev.belay.llm.provider;

import dev.belay.llm.Message;
import dev.belay.llm.Part;
import java.util.List;

/**
 * A turn as every provider can take it: never empty, tool results with the user's words.
 *
 * @param role system, user or assistant; never tool
 */
record Turn(Message.Role role, List<Part> parts) {
  Turn {
    parts = List.copyOf(parts);
  }

  boolean isBy(Message.Role who) {
    return role == who;
  }

  <P extends Part> List<P> all(Class<P> kind) {
    return parts.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Text and media. */
  List<Part> words() {
    return parts.stream()
        .filter(part -> part instanceof Part.Text || part instanceof Part.Media)
        .toList();
  }

  boolean isTextOnly() {
    return parts.stream().allMatch(Part.Text.class::isInstance);
  }

  /** All text, pieces apart from each other by blank lines. */
  String text() {
    return String.join("\n\n", all(Part.Text.class).stream().map(Part.Text::text).toList());
  }
}
