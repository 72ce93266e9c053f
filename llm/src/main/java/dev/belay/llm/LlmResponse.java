package dev.belay.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.util.List;

/**
 * A model's answer, in no provider's own form. Immutable.
 *
 * @param id the provider's name for it; empty if it gave none
 * @param model the model that answered, as the provider calls it
 * @param choices at least one; the first is the answer unless the caller chooses another
 * @param usage the tokens it cost
 * @param raw the body as it came; for a stream, an equal body put together from its events
 */
public record LlmResponse(String id, String model, List<Choice> choices, Usage usage, String raw) {

  /** Keeps a copy. */
  public LlmResponse {
    requireNonNull(id, "id");
    requireNonNull(model, "model");
    choices = List.copyOf(choices);
    requireNonNull(usage, "usage");
    requireNonNull(raw, "raw");
    Check.that(!choices.isEmpty(), "response must have at least 1 choice, had 0");
  }

  /**
   * One of the answers.
   *
   * @param text all text, joined; empty if there is none
   * @param toolCalls what the model asks for, in order
   * @param refusal why the model would not; empty if it did
   * @param finish why it stopped
   */
  public record Choice(String text, List<Part.ToolCall> toolCalls, String refusal, Finish finish) {
    /** Keeps a copy. */
    public Choice {
      requireNonNull(text, "text");
      toolCalls = List.copyOf(toolCalls);
      requireNonNull(refusal, "refusal");
      requireNonNull(finish, "finish");
    }
  }

  /** The text of the first choice; empty if there is none. */
  public String text() {
    return choices.getFirst().text();
  }

  /** What the first choice asks for. */
  public List<Part.ToolCall> toolCalls() {
    return choices.getFirst().toolCalls();
  }

  /** Why the first choice ended. */
  public Finish finish() {
    return choices.getFirst().finish();
  }

  /** Without the text, which may be anything. */
  @Override
  public String toString() {
    return "LlmResponse[%s, %s, %d characters, %s]".formatted(id, model, text().length(), finish());
  }
}
