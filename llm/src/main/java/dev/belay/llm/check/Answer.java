package dev.belay.llm.check;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import java.util.List;

/**
 * What is checked: an answer, and the question it belongs to. Immutable.
 *
 * @param text all text, joined; empty if there is none
 * @param toolCalls what the model asks for, in order
 * @param refusal why the model would not; empty if it did
 * @param finish why it stopped
 * @param request what was asked
 */
public record Answer(
    String text, List<Part.ToolCall> toolCalls, String refusal, Finish finish, LlmRequest request) {

  /** Keeps a copy. */
  public Answer {
    requireNonNull(text, "text");
    toolCalls = List.copyOf(toolCalls);
    requireNonNull(refusal, "refusal");
    requireNonNull(finish, "finish");
    requireNonNull(request, "request");
  }

  /** A whole answer of text alone. */
  public static Answer of(String text, LlmRequest request) {
    return new Answer(text, List.of(), "", Finish.STOP, request);
  }

  /** One choice of a response. */
  public static Answer of(LlmResponse.Choice choice, LlmRequest request) {
    return new Answer(
        choice.text(), choice.toolCalls(), choice.refusal(), choice.finish(), request);
  }

  /** The same with another text. */
  public Answer withText(String other) {
    return new Answer(other, toolCalls, refusal, finish, request);
  }

  /** What the user asked last; empty if no user spoke. */
  public String question() {
    return request.messages().reversed().stream()
        .filter(message -> message.role() == Message.Role.USER)
        .map(Message::text)
        .findFirst()
        .orElse("");
  }

  /** Without the text, which may be anything. */
  @Override
  public String toString() {
    return "Answer[%d characters, %d tool calls, %s]"
        .formatted(text.length(), toolCalls.size(), finish);
  }
}
