package dev.belay.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One turn of a conversation. Immutable.
 *
 * @param role who speaks
 * @param parts what is said, in order; at least one
 */
public record Message(Role role, List<Part> parts) {

  /** Who speaks. */
  public enum Role {
    /** Instructions for the whole conversation. */
    SYSTEM,
    /** The person, or the program that asks. */
    USER,
    /** The model. */
    ASSISTANT,
    /** A tool that answers the model. */
    TOOL
  }

  /** Keeps a copy; rejects a turn in which nothing is said. */
  public Message {
    requireNonNull(role, "role");
    parts = List.copyOf(parts);
    Check.that(!parts.isEmpty(), "message must have at least 1 part, had 0");
  }

  /** Instructions. */
  public static Message system(String text) {
    return new Message(Role.SYSTEM, List.of(new Part.Text(text)));
  }

  /** What is asked. */
  public static Message user(String text) {
    return new Message(Role.USER, List.of(new Part.Text(text)));
  }

  /** What the model said. */
  public static Message assistant(String text) {
    return new Message(Role.ASSISTANT, List.of(new Part.Text(text)));
  }

  /** All text of this turn, joined; empty if there is none. */
  public String text() {
    return parts.stream()
        .filter(Part.Text.class::isInstance)
        .map(part -> ((Part.Text) part).text())
        .collect(Collectors.joining());
  }
}
