package dev.belay.llm.provider;

import dev.belay.llm.Message;
import dev.belay.llm.Message.Role;
import dev.belay.llm.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings a conversation into a form that no provider refuses: no empty turns and no empty pieces,
 * each call of a tool followed at once by its result.
 */
final class Turns {
  /** Stands for an answer in which nothing was said. */
  static final String NO_ANSWER = "(no answer)";

  /** Stands for a question in which nothing was asked. */
  static final String NO_WORDS = "(no text)";

  /** Stands for the result of a tool that was never run. */
  static final String NO_RESULT = "(this tool was not run)";

  private Turns() {}

  /** For providers that take instructions in their place and several turns by one side in a row. */
  static List<Turn> inPlace(List<Message> messages) {
    List<Turn> turns = new ArrayList<>();
    for (Message message : messages) {
      turns.add(turn(message));
    }
    return Pairs.join(turns);
  }

  /** For providers that want the two sides to take turns, the user first; without instructions. */
  static List<Turn> alternating(List<Message> messages) {
    List<Turn> merged = new ArrayList<>();
    for (Turn turn : inPlace(messages)) {
      if (turn.isBy(Role.SYSTEM)) {
        continue;
      }
      if (merged.isEmpty() && turn.isBy(Role.ASSISTANT)) {
        merged.add(new Turn(Role.USER, List.of(new Part.Text(NO_WORDS))));
      }
      if (!merged.isEmpty() && merged.getLast().role() == turn.role()) {
        merged.add(join(merged.removeLast(), turn));
      } else {
        merged.add(turn);
      }
    }
    if (merged.isEmpty()) {
      merged.add(new Turn(Role.USER, List.of(new Part.Text(NO_WORDS))));
    }
    return merged;
  }

  /** All instructions, apart from each other by blank lines; empty if there are none. */
  static String instructions(List<Message> messages) {
    return String.join(
        "\n\n",
        messages.stream()
            .filter(message -> message.role() == Role.SYSTEM)
            .map(Message::text)
            .filter(text -> !text.isBlank())
            .toList());
  }

  /** Results of tools go first: Anthropic wants them right behind the call. */
  private static Turn join(Turn first, Turn second) {
    List<Part> parts = new ArrayList<>();
    for (Turn turn : List.of(first, second)) {
      parts.addAll(turn.all(Part.ToolResult.class));
    }
    for (Turn turn : List.of(first, second)) {
      parts.addAll(turn.parts().stream().filter(p -> !(p instanceof Part.ToolResult)).toList());
    }
    return new Turn(first.role(), parts);
  }

  private static Turn turn(Message message) {
    Role role = message.role() == Role.TOOL ? Role.USER : message.role();
    List<Part> parts =
        message.parts().stream()
            .filter(part -> !(part instanceof Part.Text text && text.text().isBlank()))
            .toList();
    if (!parts.isEmpty()) {
      return new Turn(role, parts);
    }
    return new Turn(role, List.of(new Part.Text(role == Role.ASSISTANT ? NO_ANSWER : NO_WORDS)));
  }
}
